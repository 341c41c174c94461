/** Compares our routing with a model of the engine's router, on hostile targets. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ENGINE_ROUTES, routeAsEngine } from "../../../test/support/engine-router.ts";
import { findOperation } from "./find-operation.ts";
import { operations } from "./table.ts";

/** Without the names of parameters, because the engine's differ from the specification's. */
const nameless = (path: string): string => path.replace(/\{[^}]*\}/g, "{}");
const nameOf = new Map(operations.map(({ method, path, name }) => [`${method} ${nameless(path)}`, name]));

/**
 * Served by the engine, but not in our table: the daemon's memory, a second path for a list, and a path that answers
 * nothing.
 */
const LEFT_OUT = /^GET \/debug\/|^GET \/networks\/$|^OPTIONS /;

const bytes = (text: string): string => Buffer.from(text).toString("latin1");

const words = [...new Set(ENGINE_ROUTES.flatMap((route) => route.split(/[ /]/).slice(2)))].map((word) =>
  word.startsWith("{") ? "web" : word,
);
const nasty = [
  ..."/.;?#%\\&=+~*:@ \t\n\0é",
  ..."// .. ./ /. ?? %2e %2E%2e %2f %2F%2F %252e %25 %00 %0a %0d%0a %7f %5c %3b %3f %23 %20 %41 %7e %zz %4".split(
    " ",
  ),
  ..."%c3%bc %ff %c0%af %ed%a0%80 %e2%80%a8 %c2%85 V1.41 v1 v1. v1.41 v01.41 v1.041 v1.41.0 v1..2 v1.2 v99.9 v".split(
    " ",
  ),
];
const method = fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "get", "PATCH");
const version = fc.constantFrom(
  ...["", "", "", "/v1.41", "/v1.24", "/v1.55", "/v1.23", "/v01.41", "/v1.41/v1.41", "/v1.100"],
);
const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...words) },
  fc.constantFrom(...nasty),
  fc.string(),
);
const anything = fc.tuple(
  method,
  fc.array(piece, { maxLength: 6 }).map((pieces) => `/${pieces.join("/")}`),
);
/** A correct call with one thing inserted somewhere. */
const nearlyRight = fc
  .tuple(fc.constantFrom(...operations), fc.nat(), piece)
  .map(([operation, at, wrong]) => {
    const path = operation.path.replaceAll(/[{}]/g, "");
    const place = at % (path.length + 1);
    return [operation.method, path.slice(0, place) + wrong + path.slice(place)] as const;
  });
const request = fc
  .tuple(version, fc.oneof(anything, nearlyRight))
  .map(([prefix, [verb, path]]) => [verb, bytes(prefix + path)] as const);

describe("findOperation() and the engine's router", () => {
  test("the model has a route for each operation, and the table an operation for each route", () => {
    const known = ENGINE_ROUTES.filter((route) => !LEFT_OUT.test(route)).map(nameless);
    expect(known.toSorted()).toEqual([...nameOf.keys()].toSorted());
  });

  test("the engine routes every request that we recognise to the same operation", () => {
    let recognised = 0;
    fc.assert(
      fc.property(request, ([verb, target]) => {
        const call = findOperation(verb, target);
        if (!call) return;
        recognised++;
        const engine = routeAsEngine(verb, target);
        expect(nameOf.get(nameless(engine?.route ?? ""))).toBe(call.operation.name);
        expect(engine?.version).toBe(call.version);
        expect(engine?.values).toEqual(Object.values(call.params).map(bytes));
      }),
      { numRuns: 10_000 },
    );
    expect(recognised).toBeGreaterThan(200);
  });

  test("every request that the engine routes and we do not recognise has one of the listed reasons", () => {
    const reason =
      /%2[de]|%3\d|%[46][1-9a-f]|%[57][\da]|%5f|%7e|%25|%3[bf]|%23|%5c|%[01][\da-f]|%7f|%[89a-f]|[;\\#]|[^!-~]|(\/|%2f)(\?|$)|^\/v(?!1\.(2[4-9]|[3-9]\d|1\d\d)(\/|%2f))[0-9.]+(\/|%2f)/i;
    fc.assert(
      fc.property(request, ([verb, target]) => {
        const engine = routeAsEngine(verb, target);
        if (!engine || LEFT_OUT.test(engine.route) || findOperation(verb, target)) return;
        expect(target).toMatch(reason);
      }),
      { numRuns: 10_000 },
    );
  });

  test("names in use are found in every operation, plain or encoded", () => {
    const segment = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:@~ ü+-]{0,20}$/);
    fc.assert(
      fc.property(
        fc.constantFrom(...operations),
        fc.array(segment, { minLength: 2, maxLength: 2 }),
        (wanted, names) => {
          const left = [...names];
          const path = wanted.path.replace(/\{\w+\}/g, () => encodeURIComponent(left.shift() ?? ""));
          const call = findOperation(wanted.method, `/v1.47${path}?a=b`);
          expect(call).toMatchObject({ operation: wanted, version: "1.47", query: "a=b" });
          const given = Object.values(call?.params ?? {});
          expect(given).toEqual(names.slice(0, given.length));
        },
      ),
    );
  });
});
