import { expect, test } from "vitest";
import { findExecutable } from "./executable-store.ts";

test("without a program for the machine: an error before anything is sent, with a hint for native mode", async () => {
  await expect(findExecutable("riscv64", new Set())).rejects.toMatchObject({
    code: "EXECUTABLE_MISSING",
    retype: [{ option: "native", remark: expect.stringContaining("every client is root") }],
    message: expect.stringContaining("riscv64"),
  });
});
