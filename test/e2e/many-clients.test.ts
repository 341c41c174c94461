/** A gateway with 10,000 clients on its list: it is changed, and `up` reads the whole list. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";

const LIST = "/var/lib/private/tetherdock-gateway/clients.json";
/** The lines of clients.json but the last two, and 10,000 clients more. */
const ADD = `cd ${LIST.slice(0, LIST.lastIndexOf("/"))} && {
sed '$d' clients.json | sed '$d' | sed '$s/$/,/'
awk 'BEGIN { for (i = 1; i <= 10000; i++) printf "{\\"name\\":\\"client-%d@a-machine.example\\",\\"fingerprint\\":\\"%064x\\",\\"role\\":\\"viewer\\",\\"state\\":\\"active\\",\\"expires\\":null}%s\\n", i, i, i < 10000 ? "," : "" }'
printf ']\\n}\\n'; } >clients.new && chown --reference=clients.json clients.new && chmod 600 clients.new && mv clients.new clients.json`;

let line: GatewayLine;
async function listed(): Promise<readonly { name: string; state: string }[]> {
  return JSON.parse((await line.laptop.tetherdock(["client", "ls", "--json"])).stdout);
}

beforeAll(async () => {
  line = await openGatewayLine("many");
  await line.host.root(ADD);
  // The gateway looks for a new list five times a second.
  await vi.waitFor(async () => expect(await listed()).toHaveLength(10_001), {
    timeout: 10_000,
    interval: 200,
  });
});
afterAll(() => line?.[Symbol.asyncDispose]());

test("one of them is renamed and revoked, and up has nothing to do", async () => {
  const { laptop, host } = line;
  for (const words of [
    ["rename", "client-7@a-machine.example", "renamed"],
    ["revoke", "renamed"],
  ]) {
    const changed = await laptop.tetherdock(["client", ...words]);
    expect(changed, changed.stderr).toMatchObject({ status: 0, stdout: "renamed\n" });
  }
  const up = await laptop.tetherdock(["up", `${host.user}@${host.name}`, "--yes"]);
  expect(up, up.stderr).toMatchObject({ status: 0, stderr: expect.stringMatching(/nothing to do\n$/) });
  const clients = await listed();
  expect(clients).toHaveLength(10_001);
  expect(clients.find(({ name }) => name === "renamed")).toMatchObject({ state: "revoked" });
});
