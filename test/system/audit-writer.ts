/**
 * A process that writes a log until it is killed. Argument: the directory. Says `opened N`, N being the number of its
 * first record, and then the number of each record that is in the file by then.
 */
import { openAuditFile } from "../../src/system/audit-file.ts";
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
// A turn of a few records, as many connections make it; then what the turn before has written is told.
const work = (): void => {
  for (let i = 0; i < 5; i++) sink.record(sampleEvent(number++));
  const written = number - 1;
  setImmediate(() => {
    process.stdout.write(`${written}\n`, () => setImmediate(work));
  });
};
work();
