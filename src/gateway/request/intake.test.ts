import fc from "fast-check";
import { expect, test } from "vitest";
import { Intake } from "./intake.ts";

const LIMIT = 1_000;
const get = (target: string) => `GET ${target} HTTP/1.1\r\nHost: d\r\n\r\n`;
const post = (fields: string, body: string) => `POST /p HTTP/1.1\r\nHost: d\r\n${fields}\r\n${body}`;

/** What a connection heard, requests answered as soon as they are whole. @param pieces as they came */
function heard(pieces: readonly string[], answers: "at once" | "later" = "later") {
  const events: string[] = [];
  let octets = "";
  const intake: Intake = new Intake(LIMIT, {
    asked(head, bytes) {
      events.push(`${head.method} ${head.target}`);
      octets += bytes.toString("latin1");
      if (answers === "at once" && !intake.bodyDue) intake.next();
    },
    body(bytes) {
      octets += bytes.toString("latin1");
      if (answers === "at once" && !intake.bodyDue) intake.next();
    },
    malformed: (problem) => {
      events.push(problem.code);
      intake.stop();
    },
    wants: (more) => events.push(more ? "more" : "enough"),
  });
  for (const piece of pieces) {
    const bytes = Buffer.from(piece, "latin1");
    intake.take(bytes);
    bytes.fill("#"); // the next read goes to the same memory
    if (answers === "later") while (!intake.bodyDue && intake.keeps && !intake.headDue) intake.next();
  }
  return { intake, events, octets };
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

test("however the octets are cut, the requests are the same and every octet is passed once", () => {
  const cuts = fc.array(fc.nat(STREAM.length), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, fc.constantFrom("at once", "later"), (positions, answers) => {
      const edges = [0, ...positions.toSorted((one, two) => one - two), STREAM.length];
      const pieces = edges.slice(1).map((edge, index) => STREAM.slice(edges[index], edge));
      const { events, octets } = heard(pieces, answers as "later");
      expect(events.filter((event) => event.includes("/"))).toEqual(ASKED);
      expect(octets).toBe(STREAM);
    }),
  );
});

test("one request is told at a time; what follows is kept, and no more is wanted until then", () => {
  const events: string[] = [];
  const intake = new Intake(LIMIT, {
    asked: (head) => events.push(head.target),
    body: () => {},
    malformed: () => {},
    wants: (more) => events.push(more ? "more" : "enough"),
  });
  intake.take(Buffer.from(get("/one") + get("/two")));
  expect(events.toSorted()).toEqual(["/one", "enough"]);
  expect(intake.keeps).toBe(true);
  intake.next();
  expect(events.slice(2)).toEqual(["/two", "more"]);
  intake.next();
  intake.take(Buffer.from(get("/three")));
  expect(events.at(-1)).toBe("/three");
});

test.each([
  ["a head larger than the limit, whole", `GET /x HTTP/1.1\r\nHost: d\r\nX: ${"x".repeat(LIMIT)}\r\n\r\n`],
  ["a head larger than the limit, not whole", `GET /x HTTP/1.1\r\nHost: d\r\nX: ${"x".repeat(LIMIT)}`],
])("%s is refused", (_what, text) => {
  expect(heard([text]).events).toContain("head-size");
  expect(heard([...text]).events).toContain("head-size");
});

test("a body that turns out malformed is told without a head", () => {
  const heads: unknown[] = [];
  const intake = new Intake(LIMIT, {
    asked: () => {},
    body: () => {},
    malformed: (_problem, head) => heads.push(head),
    wants: () => {},
  });
  intake.take(Buffer.from(post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n")));
  intake.take(Buffer.from("zz\r\n"));
  expect(heads).toEqual([null]);
});

test("what was kept is handed over when it stops, and nothing is read any more", () => {
  const { intake, events } = heard([]);
  intake.take(Buffer.from(`${get("/attach")}early`));
  expect(intake.stop()?.toString()).toBe("early");
  intake.take(Buffer.from(get("/more")));
  expect(events).not.toContain("GET /more");
});
