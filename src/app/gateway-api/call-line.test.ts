/** A call goes to the line's gateway with the line's own files. */
import { expect, test } from "vitest";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { gatewayAccess } from "./call-line.ts";

test("the CA, the certificate and the key are the line's", async () => {
  const lines = new MemoryLines();
  for (const name of ["web", "other"])
    lines.keep(sampleLine({ name, address: `${name}.test`, target: `core@${name}` }), {
      ...{ "docker/ca.pem": `ca of ${name}`, "docker/cert.pem": `cert of ${name}` },
      ...{ "docker/key.pem": `key of ${name}`, "ca/ca-key.pem": "" },
    });
  expect(await gatewayAccess({ lines, env: {} }, "web")).toEqual({
    ...{ line: "web", destination: "core@web", endpoint: { host: "web.test", port: 2376 } },
    ...{ caPem: "ca of web", certPem: "cert of web", keyPem: "key of web" },
  });
});
