import { expect, test } from "vitest";
import { answers } from "./index.ts";
import { withLabels } from "./with-labels.ts";

function shown(operation: string, value: unknown): unknown {
  const answer = answers.get(operation);
  return answer === undefined ? expect.fail("shows all") : withLabels(answer).mark.show(value);
}

test("a list of containers has the values of labels, and no other secrets", () => {
  const rule = "traefik.http.routers.web.rule";
  const container = { Id: "1", Command: "web --password hunter2", Labels: { [rule]: "Host(`a.example`)" } };
  expect(shown("ContainerList", [container])).toEqual([
    { ...container, Command: expect.not.stringContaining("hunter2") },
  ]);
});

test("an inspect has the values of labels, and no values of variables", () => {
  const Config = { Env: ["SECRET=hunter2"], Labels: { a: "b" } };
  expect(shown("ContainerInspect", { Id: "1", Config, NewField: { Labels: { c: "d" } } })).toEqual({
    Id: "1",
    Config: { Env: ["SECRET=***"], Labels: { a: "b" } },
  });
});

test("a number that JavaScript would round stays as the engine wrote it: each event has one", () => {
  const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };
  const event = { Type: "container", Action: "start", timeNano: rawJSON("1690000000000000001") };
  expect(JSON.stringify(shown("SystemEvents", event))).toContain('"timeNano":1690000000000000001');
});

test("labels in an unexpected form stay as a viewer sees them", () => {
  expect(shown("ContainerList", [{ Id: "1", Labels: { a: 1, __proto__: "x" } }, null])).not.toContain("x");
  expect(JSON.stringify(shown("ContainerList", [null, { Id: "1", Labels: { a: "b" } }]))).not.toContain(
    "undefined",
  );
});
