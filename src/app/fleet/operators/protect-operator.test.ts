/** An operator's key that is encrypted: what still works without the passphrase, and what does not. */
import { expect, test, vi } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { fleetStage } from "../../../../test/support/fleet/fleet-stage.ts";
import { operatorIdOf } from "../../../fleet/index.ts";
import { pushFleet } from "../fleet.ts";
import { operatorPublicKey } from "./open-shared.ts";
import { fleetOperators, rotateKey } from "./operators.ts";
import { protectOperator, unprotectOperator } from "./protect-operator.ts";

async function protectedStage(typed = "correct horse") {
  const { ports: plain } = await fleetStage("web");
  const before = await plain.fleets.read("acme");
  const passphrase = vi.fn(async () => typed);
  const ports = { ...plain, passphrase, newPassphrase: async () => "correct horse" };
  expect(await protectOperator(ports, "acme")).toEqual({ name: "acme", changed: true });
  return { ports, before, passphrase };
}

const keyIn = async ({ fleets }: Awaited<ReturnType<typeof protectedStage>>["ports"]) =>
  (await fleets.read("acme")).operatorKey;

test("the file has no plain key, and tells whose it is without the passphrase", async () => {
  const { ports, before, passphrase } = await protectedStage();
  expect(await keyIn(ports)).toMatch(
    /^-----BEGIN PUBLIC KEY-----\n.+\n-----BEGIN ENCRYPTED PRIVATE KEY-----\n/s,
  );
  expect((await fleetOperators(ports, "acme")).own).toBe(operatorIdOf(before.operatorKey));
  expect(await operatorPublicKey(ports, "acme")).toContain("BEGIN PUBLIC KEY");
  expect(await protectOperator(ports, "acme")).toEqual({ name: "acme", changed: false });
  expect(passphrase).not.toHaveBeenCalled();
});

test("a change needs the passphrase; with a wrong one, nothing is signed", async () => {
  const { ports } = await protectedStage();
  expect((await pushFleet(ports, "acme")).fleet.kept.view.version).toBe(2);
  const wrong = { ...ports, passphrase: async () => "battery staple" };
  expect(await failureOf(pushFleet(wrong, "acme"))).toMatchObject({
    code: "KEY_PASSPHRASE_WRONG",
    message: "your key of the fleet acme cannot be decrypted",
    hints: [expect.stringContaining("TETHERDOCK_OPERATOR_PASSPHRASE")],
  });
  expect(await failureOf(rotateKey(wrong, "acme"))).toMatchObject({ code: "KEY_PASSPHRASE_WRONG" });
  expect(await ports.fleets.read("acme")).toMatchObject({
    kept: { view: { version: 2 } },
    nextKey: undefined,
  });
});

test("a key that replaces it is encrypted with the same passphrase", async () => {
  const { ports, before } = await protectedStage();
  await rotateKey(ports, "acme");
  const { own } = await fleetOperators(ports, "acme");
  expect(own).not.toBe(operatorIdOf(before.operatorKey));
  expect(await keyIn(ports)).toContain("ENCRYPTED");
  await pushFleet(ports, "acme");
});

test("it is a plain file again, the same key", async () => {
  const { ports, before } = await protectedStage();
  expect(await unprotectOperator(ports, "acme")).toEqual({ name: "acme", changed: true });
  expect(await keyIn(ports)).toBe(before.operatorKey);
  expect(await unprotectOperator(ports, "acme")).toEqual({ name: "acme", changed: false });
});

test("a key under the public half of another one signs nothing", async () => {
  const { ports } = await protectedStage();
  const other = await protectedStage();
  const [head] = (await keyIn(other.ports)).split("-----BEGIN ENCRYPTED");
  const [, own] = (await keyIn(ports)).split("-----BEGIN ENCRYPTED");
  await ports.fleets.setOperatorKey("acme", `${head}-----BEGIN ENCRYPTED${own}`, null);
  expect(await failureOf(unprotectOperator(ports, "acme"))).toMatchObject({ code: "FLEET_BROKEN" });
});
