/** A process that writes a client list: `node list-writer.ts PATH REVISION NAME`. Prints what the store says. */
import type { Client } from "../../src/identity/index.ts";
import { clientFile } from "../../src/system/identity/client-file.ts";

const [path = "", revision = "", name = ""] = process.argv.slice(2);
const client: Client = { name, fingerprint: null, role: "admin", state: "active", expires: null };
process.stdout.write(await clientFile(path, Date.now).write([client], revision));
