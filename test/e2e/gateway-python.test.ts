/** Debian's python3-docker through the gateway: another language's HTTP and TLS. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";

const SCRIPT = `
import docker, io, tarfile
client = docker.from_env(version="auto", timeout=30)
assert client.ping()
print("version", client.version()["ApiVersion"])
print("run", client.containers.run("tiny", ["echo", "from python"], remove=True).decode().strip())
box = client.containers.run("tiny", ["sh", "-c", "echo one; echo two >&2; sleep 1000"], name="py", detach=True)
stream = box.logs(stream=True, follow=True)
print("logs", sorted([next(stream).decode().strip(), next(stream).decode().strip()]))
code, output = box.exec_run(["sh", "-c", "echo executed; exit 7"])
print("exec", code, output.decode().strip())
data = b"x" * 5_000_000
buffer = io.BytesIO()
with tarfile.open(fileobj=buffer, mode="w") as tar:
    info = tarfile.TarInfo("put"); info.size = len(data); tar.addfile(info, io.BytesIO(data))
assert box.put_archive("/", buffer.getvalue())
chunks, stat = box.get_archive("/put")
back = tarfile.open(fileobj=io.BytesIO(b"".join(chunks))).extractfile("put").read()
print("archive", back == data, stat["size"])
sock = client.api.exec_start(client.api.exec_create(box.id, ["cat"], stdin=True)["Id"], socket=True)
raw = getattr(sock, "_sock", sock)
raw.sendall(b"typed\\n")
header = raw.recv(8); print("attach", raw.recv(header[7]).decode().strip())
image, lines = client.images.build(fileobj=io.BytesIO(b"FROM tiny\\nRUN echo built"), tag="pybuilt", rm=True)
print("build", "pybuilt:latest" in image.tags)
try:
    client.containers.get("nonesuch")
except docker.errors.NotFound as error:
    print("missing", error.response.status_code)
box.remove(force=True)
print("events", len([e for e in client.events(since=1, until=2)]))
`;

let line: GatewayLine;
beforeAll(async () => {
  line = await openGatewayLine("gwpy");
});
afterAll(async () => {
  await line?.[Symbol.asyncDispose]();
});

test("runs, logs, exec, archives, attach, build, errors", async () => {
  const done = await line.laptop.run(["/usr/bin/python3", "-c", SCRIPT], { env: line.env });
  expect(done, done.stderr).toMatchObject({ status: 0 });
  expect(done.stdout.trim().split("\n")).toEqual([
    "version 1.41",
    "run from python",
    "logs ['one', 'two']",
    "exec 7 executed",
    "archive True 5000000",
    "attach typed",
    "build True",
    "missing 404",
    "events 0",
  ]);
});

const ANYBODYS_CA = "/etc/ssl/certs/ca-certificates.crt";
const PING = "import docker; print(docker.from_env(timeout=30).ping())";

test.each(["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])(
  "%s overrides the line's CA in Python: explain names it, run warns, and its hint works",
  async (name) => {
    const python = ["/usr/bin/python3", "-c", PING] as const;
    const failed = await line.laptop.run(python, { env: { ...line.env, [name]: ANYBODYS_CA } });
    expect(failed.status).not.toBe(0);
    expect(failed.stderr).toContain("CERTIFICATE_VERIFY_FAILED");
    const explained = await line.laptop.tetherdock(["explain"], { input: failed.stderr });
    expect(explained.stdout + explained.stderr).toContain("unset REQUESTS_CA_BUNDLE CURL_CA_BUNDLE");

    const run = await line.laptop.tetherdock(["run", "--", ...python], { env: { [name]: ANYBODYS_CA } });
    expect(run.status).toBe(failed.status);
    expect(run.stderr).toContain(`warning: ${name} set: Python clients`);
    const [, unset] = /if that is why it failed: (.*)/.exec(run.stderr) ?? [];
    const hinted = await line.laptop.bash(`${unset}\ntetherdock run -- /usr/bin/python3 -c '${PING}'`, {
      env: { [name]: ANYBODYS_CA },
    });
    expect(hinted, hinted.stderr).toMatchObject({ status: 0, stdout: "True\n" });
  },
);
