/** `--encrypt-ca-key`: the CA key is of no use to whoever copies it, and daily life needs no passphrase. */
import { expect, test } from "vitest";
import { overLine } from "../support/expect-proven.ts";
import { bootHost } from "../support/host.ts";
import { makeLaptop } from "../support/laptop.ts";
import { daemonRun, destinationOf } from "../support/up-and-down.ts";

const SECRET = "correct horse battery staple";
const env = { TETHERDOCK_CA_PASSPHRASE: SECRET };

test("from the environment: encrypted PKCS#8 that openssl opens; up says when it needs the passphrase", async () => {
  await using host = await bootHost();
  await using laptop = await makeLaptop(host.sshConfig);
  const up = ["up", destinationOf(host), "--yes", "--json"];
  const pristine = await host.fingerprint();
  const nobody = await laptop.tetherdock([...up, "--encrypt-ca-key"]);
  expect(JSON.parse(nobody.stdout)).toMatchObject({ error: { code: "PROMPT_IMPOSSIBLE" } });
  expect([await host.fingerprint(), await laptop.tree()]).toEqual([pristine, "absent"]);

  expect(await laptop.tetherdock([...up, "--encrypt-ca-key"], { env })).toMatchObject({ status: 0 });
  const key = `${laptop.home}/lines/${host.name}/ca/ca-key.pem`;
  expect((await laptop.run(["head", "-1", key])).stdout).toBe("-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
  const open = (pass: string) =>
    laptop.run(["openssl", "pkey", "-in", key, "-noout", "-passin", `pass:${pass}`]);
  expect(await open(SECRET)).toMatchObject({ status: 0 });
  expect((await open("wrong horse")).status).not.toBe(0);
  expect((await laptop.run(["grep", "-rF", SECRET, laptop.folder])).status, "written nowhere").toBe(1);

  for (const words of [["env"], ["status"], ["ls"], ["context", "create"]])
    expect(await laptop.tetherdock(words), words.join(" ")).toMatchObject({ status: 0 });
  expect(await overLine(laptop, host.name, ["ps"])).toMatchObject({ status: 0 });

  const state = async () => [await host.fingerprint(), await daemonRun(host), await laptop.tree()];
  const before = await state();
  const without = await laptop.tetherdock(up);
  const { error } = JSON.parse(without.stdout);
  expect(error.code).toBe("PROMPT_IMPOSSIBLE");
  expect(JSON.stringify(error)).toMatch(/passphrase/);
  expect(JSON.stringify(error.hints), "the next thing to type").toContain("TETHERDOCK_CA_PASSPHRASE");
  const wrong = await laptop.tetherdock(up, { env: { TETHERDOCK_CA_PASSPHRASE: "wrong horse" } });
  expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { code: "CA_PASSPHRASE_WRONG" } });
  const right = await laptop.tetherdock(up, { env });
  expect(JSON.parse(right.stdout)).toMatchObject({ changed: false });
  expect(await state()).toEqual(before);

  expect(await laptop.tetherdock(["down", host.name, "--yes"])).toMatchObject({ status: 0 });
  expect(await host.fingerprint()).toBe(pristine);
});

test("on a terminal: typed twice, never shown; two different ones start nothing", async () => {
  await using host = await bootHost();
  await using laptop = await makeLaptop(host.sshConfig);
  const command = `tetherdock up ${destinationOf(host)} --yes --encrypt-ca-key`;
  const type = async (first: string, second: string) => {
    await using terminal = laptop.pty(command);
    const once = await terminal.until(/new passphrase for the CA key/);
    terminal.type(`${first}\r`);
    await terminal.until(/repeat the passphrase/, { from: once });
    terminal.type(`${second}\r`);
    return await terminal.ended;
  };
  const differ = await type(SECRET, `${SECRET}!`);
  expect(differ).toMatchObject({ status: 2, text: expect.stringContaining("the passphrases differ") });
  expect(await laptop.tree()).toBe("absent");

  const { status, text } = await type(SECRET, SECRET);
  expect(text).toContain(`line ${host.name} is up`);
  expect(status).toBe(0);
  expect(differ.text + text).not.toContain(SECRET);
  expect(differ.text + text).not.toContain("horse");

  await using again = laptop.pty(`tetherdock up ${destinationOf(host)} --yes`);
  await again.until(/passphrase of the CA key/);
  again.type(`${SECRET}\r`);
  expect(await again.ended).toMatchObject({ status: 0, text: expect.stringContaining("nothing to do") });
});
