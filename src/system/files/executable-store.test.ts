import { expect, test } from "vitest";
import { findExecutable } from "./executable-store.ts";

test("a machine that no gateway is made for: told before anything is sent, with the way that is left", async () => {
  await expect(findExecutable("riscv64", new Set())).rejects.toMatchObject({
    code: "EXECUTABLE_MISSING",
    message: expect.stringContaining("riscv64"),
    retype: [{ option: "native" }],
  });
});
