import fc from "fast-check";
import { expect, test } from "vitest";
import { RequestReader } from "./request-reader.ts";

const LIMIT = 1_000;
const get = (target: string) => `GET ${target} HTTP/1.1\r\nHost: d\r\n\r\n`;
const post = (fields: string, body: string) => `POST /p HTTP/1.1\r\nHost: d\r\n${fields}\r\n${body}`;

/** The events that a connection gets; requests are answered as soon as they are whole. @param pieces as received */
function heard(pieces: readonly string[], answers: "at once" | "later" = "later") {
  const events: string[] = [];
  let passed = "";
  const reader: RequestReader = new RequestReader(LIMIT, {
    asked(head, bytes) {
      events.push(`${head.method} ${head.target}`);
      passed += bytes.toString("latin1");
      if (answers === "at once" && !reader.bodyDue) reader.next();
    },
    body(bytes) {
      passed += bytes.toString("latin1");
      if (answers === "at once" && !reader.bodyDue) reader.next();
    },
    malformed: (problem) => {
      events.push(problem.code);
      reader.stop();
    },
    wants: (more) => events.push(more ? "more" : "enough"),
  });
  for (const piece of pieces) {
    const bytes = Buffer.from(piece, "latin1");
    reader.take(bytes);
    bytes.fill("#"); // the next read goes to the same memory
    if (answers === "later") while (!reader.bodyDue && reader.keeps && !reader.headDue) reader.next();
  }
  return { reader, events, passed };
}

const STREAM = [
  get("/one"),
  post("Content-Length: 5\r\n", "12345"),
  get("/two"),
  post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\nX: y\r\n\r\n"),
  post("Content-Length: 0\r\n", ""),
  get("/three"),
].join("");
const ASKED = ["GET /one", "POST /p", "GET /two", "POST /p", "POST /p", "GET /three"];

test("however the bytes are split, the requests are the same and every byte is passed once", () => {
  const cuts = fc.array(fc.nat(STREAM.length), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, fc.constantFrom("at once", "later"), (positions, answers) => {
      const edges = [0, ...positions.toSorted((one, two) => one - two), STREAM.length];
      const pieces = edges.slice(1).map((edge, index) => STREAM.slice(edges[index], edge));
      const { events, passed } = heard(pieces, answers as "later");
      expect(events.filter((event) => event.includes("/"))).toEqual(ASKED);
      expect(passed).toBe(STREAM);
    }),
  );
});

test("one request is reported at a time; the next is kept, and reading stops meanwhile", () => {
  const events: string[] = [];
  const reader = new RequestReader(LIMIT, {
    asked: (head) => events.push(head.target),
    body: () => {},
    malformed: () => {},
    wants: (more) => events.push(more ? "more" : "enough"),
  });
  reader.take(Buffer.from(get("/one") + get("/two")));
  expect(events.toSorted()).toEqual(["/one", "enough"]);
  expect(reader.keeps).toBe(true);
  reader.next();
  expect(events.slice(2)).toEqual(["/two", "more"]);
  reader.next();
  reader.take(Buffer.from(get("/three")));
  expect(events.at(-1)).toBe("/three");
});

test.each([
  ["a head larger than the limit, whole", `GET /x HTTP/1.1\r\nHost: d\r\nX: ${"x".repeat(LIMIT)}\r\n\r\n`],
  ["a head larger than the limit, not whole", `GET /x HTTP/1.1\r\nHost: d\r\nX: ${"x".repeat(LIMIT)}`],
])("%s is refused", (_what, text) => {
  expect(heard([text]).events).toContain("head-size");
  expect(heard([...text]).events).toContain("head-size");
});

test("a malformed body is reported without a head", () => {
  const heads: unknown[] = [];
  const reader = new RequestReader(LIMIT, {
    asked: () => {},
    body: () => {},
    malformed: (_problem, head) => heads.push(head),
    wants: () => {},
  });
  reader.take(Buffer.from(post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n")));
  reader.take(Buffer.from("zz\r\n"));
  expect(heads).toEqual([null]);
});

test("stop() returns what was kept, and nothing is read afterwards", () => {
  const { reader, events } = heard([]);
  reader.take(Buffer.from(`${get("/attach")}early`));
  expect(reader.stop()?.toString()).toBe("early");
  reader.take(Buffer.from(get("/more")));
  expect(events).not.toContain("GET /more");
});
