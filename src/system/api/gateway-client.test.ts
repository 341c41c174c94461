/** What is told of an answer that refuses a call. */
import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import type { TetherdockError } from "../../base/index.ts";
import type { GatewayAccess } from "../../gateway/index.ts";
import { refused } from "./gateway-client.ts";

const access = { line: "web", endpoint: { host: "192.0.2.7", port: 2376 } } as GatewayAccess;
const answer = (server: string) => ({ statusCode: 409, headers: { server } }) as unknown as IncomingMessage;
const bodyOf = (problems: readonly string[]) =>
  JSON.stringify({ message: `tetherdock: ${problems.join("; ")}; the previous stays active`, problems });

test("every problem of a reload is told, however long they are together", () => {
  const problems = Array.from(
    { length: 60 },
    (_, at) =>
      `cannot read the gateway's configuration /etc/tetherdock/gateway.json: limits.key${at} is not known`,
  );
  const error = refused(access, answer("tetherdock"), bodyOf(problems.slice(0, 12)));
  expect(error).toMatchObject({ code: "GATEWAY_REFUSED", exitStatus: 1 });
  expect((error as TetherdockError).why).toEqual(problems.slice(0, 12).map((one) => `"${one}"`));
  const many = refused(access, answer("tetherdock"), bodyOf(problems)) as TetherdockError;
  expect(many.why).toHaveLength(51);
  expect(many.why.at(-1)).toBe("and 10 more, in the gateway's log on its host");
});

test("a server that is no gateway is not believed", () => {
  expect(refused(access, answer("other"), bodyOf(["a b"]))).toMatchObject({
    message: "no gateway answers for the line web",
  });
});
