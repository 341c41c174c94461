import { expect, test } from "vitest";
import { readRequestHead } from "../../http/index.ts";
import type { AdminAnswer, AdminApi, AdminRequest } from "../admin-port.ts";
import { AdminCall } from "./admin-call.ts";

const caller = { connection: "c", client: "anna", fingerprint: null, address: "", owner: "anna" };

/** A call under way. @param flows whether the client takes bytes */
function called(target: string, answer: (request: AdminRequest) => AdminAnswer, flows = true) {
  const head = readRequestHead(Buffer.from(`GET ${target} HTTP/1.1\r\nHost: d\r\n\r\n`), 0);
  const told: string[] = [];
  const over = Promise.withResolvers<void>();
  const api: AdminApi = { answer: async (request) => answer(request) };
  const call = new AdminCall(
    api,
    { head, caller, requestId: "c-1" },
    {
      pass(bytes) {
        told.push(bytes.toString());
        return flows;
      },
      answered: (status) => {
        told.push(`answered ${status}`);
        over.resolve();
      },
      cut: (why) => {
        told.push(`cut: ${why}`);
        over.resolve();
      },
    },
  );
  return { call, told, over: over.promise };
}

test("path, query and body arrive as sent", async () => {
  let got: AdminRequest | undefined;
  const { call, over, told } = called("/tetherdock/v1/clients/a%40b?x=1&y=2", (request) => {
    got = request;
    return { status: 200, value: {} };
  });
  call.run(Buffer.from("body"));
  await over;
  expect(got).toMatchObject({ method: "GET", path: "clients/a%40b", client: "anna" });
  expect([got?.query.get("y"), `${got?.body}`]).toEqual(["2", "body"]);
  expect(told.at(-1)).toBe("answered 200");
});

test("lines wait for a client that does not read, and continue when it does", async () => {
  const lines = async function* () {
    yield "one";
    yield "two";
  };
  const { call, told, over } = called(
    "/tetherdock/v1/x",
    () => ({ status: 200, lines: lines(), endless: false }),
    false,
  );
  call.run(Buffer.alloc(0));
  const seen = () => told.filter((text) => /^\d+\r\n/.test(text)).length;
  await expect.poll(seen).toBe(1);
  call.drained();
  await expect.poll(seen).toBe(2);
  call.drained();
  await over;
  expect(told.slice(-2)).toEqual(["0\r\n\r\n", "answered 200"]);
});

test("an interrupted stream of lines has no regular end", async () => {
  // biome-ignore lint/correctness/useYield: it fails before its first line
  const lines = async function* (): AsyncGenerator<string> {
    throw new Error("unreadable");
  };
  const { call, told, over } = called("/tetherdock/v1/x", () => ({
    status: 200,
    lines: lines(),
    endless: false,
  }));
  call.run(Buffer.alloc(0));
  await over;
  expect(told.at(-1)).toBe("cut: unreadable");
});

test("when the client disconnects, the reader ends and nothing more is sent", async () => {
  const ended = Promise.withResolvers<void>();
  const { call, told } = called("/tetherdock/v1/x", ({ signal }) => ({
    status: 200,
    lines: (async function* () {
      yield "one";
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      ended.resolve();
      yield "two";
    })(),
    endless: true,
  }));
  call.run(Buffer.alloc(0));
  await expect.poll(() => told.length).toBe(2);
  call.abort();
  await ended.promise;
  expect(told.join()).not.toMatch(/two|answered|cut/);
});

test("only an endless answer can be ended early", async () => {
  for (const endless of [true, false]) {
    const { call, told, over } = called("/tetherdock/v1/x", ({ signal }) => ({
      status: 200,
      endless,
      lines: (async function* () {
        yield "one";
        if (endless) await new Promise((resolve) => signal.addEventListener("abort", resolve));
        else yield "two";
      })(),
    }));
    call.run(Buffer.alloc(0));
    await expect.poll(() => told.length).toBeGreaterThan(1);
    call.end();
    await over;
    expect(told.slice(-2)).toEqual(["0\r\n\r\n", "answered 200"]);
    expect(told.join().includes("two")).toBe(!endless);
  }
});
