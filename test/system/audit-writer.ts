/**
 * A process that writes a log until it is killed. Argument: the directory. Says `opened N`, N being the number of its
 * first record, and then the number of each record that is in the file by then.
 */
import { openAuditFile } from "../../src/system/audit-log/file.ts";
import { GATHER_MS } from "../../src/system/audit-log/part-file.ts";
import { sampleEvent } from "./audit-sample.ts";

const [directory = "", first = "1"] = process.argv.slice(2);
const options = { rotateBytes: 200_000, keep: 1000, syncMs: 10 };
const sink = await openAuditFile({
  directory,
  ...options,
  clock: Date.now,
  onFailure: () => process.exit(9),
});
let number = Number(first);
console.log("opened", number);
// Records of a turn, which are written at once, and of the next, which are gathered; what is written by now is told.
const some = (): void => {
  for (let i = 0; i < 5; i++) sink.record(sampleEvent(number++));
};
const work = (): void => {
  some();
  setImmediate(() => {
    some();
    const last = number - 1;
    // timers of one length end in the order in which they began
    setTimeout(() => process.stdout.write(`${last}\n`, work), GATHER_MS);
  });
};
work();
