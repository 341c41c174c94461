/** The settings that are printed for a tool: in the tool's own syntax, wherever the files are. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { PRESET_NAMES } from "../../policy/index.ts";
import { filesIn, snippetOf } from "./snippets.ts";

const place = (folder: string) => ({ host: "2001:db8::7", port: 2376, folder });
const text = (...[preset, at]: Parameters<typeof snippetOf>) => snippetOf(preset, at).join("\n");

test.each(PRESET_NAMES)(
  "%s: the engine's address can be dialled, and the comment says what it is for",
  (preset) => {
    const [comment = ""] = snippetOf(preset, place("/home/anna/tool"));
    expect(comment).toMatch(/^(?:#|\/\/) /);
    expect(text(preset, place("/home/anna/tool"))).toContain("[2001:db8::7]:2376");
  },
);

describe.each(["/home/anna/tool", '/home/anna/my: tool #1 "x"'])("in the folder %s", (folder) => {
  const at = place(folder);
  const [ca, cert, key] = [`${folder}/ca.pem`, `${folder}/cert.pem`, `${folder}/key.pem`];

  test("traefik and prometheus read YAML", () => {
    const docker = { endpoint: "tcp://[2001:db8::7]:2376", tls: { ca, cert, key } };
    expect(parse(text("traefik", at))).toEqual({ providers: { docker } });
    const tls_config = { ca_file: ca, cert_file: cert, key_file: key };
    const docker_sd_configs = [{ host: "https://[2001:db8::7]:2376", tls_config }];
    expect(parse(text("prometheus", at))).toEqual({
      scrape_configs: [{ job_name: "docker", docker_sd_configs }],
    });
  });

  test("Visual Studio Code reads JSON", () => {
    const [, ...lines] = snippetOf("vscode", at);
    expect(JSON.parse(`{${lines.join("\n")}}`)).toEqual({
      "containers.environment": {
        ...{ DOCKER_HOST: "tcp://[2001:db8::7]:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: folder },
      },
    });
  });

  test("GitLab Runner reads TOML, whose strings are escaped as JSON's", () => {
    expect(text("gitlab-runner", at)).toContain(`tls_cert_path = ${JSON.stringify(folder)}\n`);
  });
});

test("only Uptime Kuma looks for its files in a folder of the host's name", () => {
  for (const preset of PRESET_NAMES)
    expect(filesIn(preset, "out", "vps.example")).toBe(preset === "uptime-kuma" ? "out/vps.example" : "out");
  expect(filesIn(undefined, "out", "vps.example")).toBe("out");
});
