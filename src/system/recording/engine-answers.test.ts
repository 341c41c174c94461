/** What the recording socket answers to several requests of one command. */
import { expect, test } from "vitest";
import { EngineAnswers } from "./engine-answers.ts";

const COMPOSE = "compose/2.26.1-4";

function asked() {
  const answers = new EngineAnswers();
  return (line: string, body: object = {}, userAgent = COMPOSE) => {
    const [method = "", target = ""] = line.split(" ");
    return answers.answerTo(method, target, Buffer.from(JSON.stringify(body)), userAgent);
  };
}

test("compose finds the container that it has created, by name and ID, and starts it", () => {
  const ask = asked();
  expect(ask("GET /v1.47/containers/json?all=1").value).toEqual([]);
  const Labels = { "com.docker.compose.project": "shop" };
  const { Id } = ask("POST /v1.47/containers/create?name=web-1", { Image: "nginx", Labels }).value as {
    Id: string;
  };
  expect(ask("GET /v1.47/containers/json?all=1").value).toMatchObject([
    { Id, Names: ["/web-1"], Labels, State: "created" },
  ]);
  expect(ask(`POST /v1.47/containers/${Id}/start`)).toEqual({ status: 204 });
  for (const name of ["web-1", Id])
    expect(ask(`GET /v1.47/containers/${name}/json`).value).toMatchObject({
      ...{ Id, Name: "/web-1", State: { Running: true }, Config: { Labels } },
    });
});

test("a volume that compose has not created does not exist for it, and exists for the docker CLI", () => {
  const ask = asked();
  expect(ask("GET /v1.47/volumes/data", {}, "Docker-Client/26.1.5 (linux)").status).toBe(200);
  expect(ask("GET /v1.47/volumes/data").status).toBe(404);
  ask("POST /v1.47/volumes/create", { Name: "data" });
  expect(ask("GET /v1.47/volumes/data").status).toBe(200);
});

test("what is kept of one command has a bound", () => {
  const ask = asked();
  for (let at = 0; at < 300; at++) ask("POST /v1.47/containers/create");
  expect(ask("GET /v1.47/containers/json").value).toHaveLength(100);
});
