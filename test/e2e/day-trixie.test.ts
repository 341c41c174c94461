/** What people do with Docker in a day, on hosts and with clients of the generation of trixie: see docs/compatibility.md. */
import { describeDay } from "../support/daily/day.ts";

await describeDay("trixie");
