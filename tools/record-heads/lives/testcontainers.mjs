/** Typical use of testcontainers; the image of its reaper is not available here. */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

process.env.TESTCONTAINERS_RYUK_DISABLED = "true";
const { DockerComposeEnvironment, GenericContainer, Network, Wait, getContainerRuntimeClient } =
  createRequire(import.meta.url)("testcontainers");
const tried = async (what, call) => {
  try {
    return await call();
  } catch (error) {
    console.error(`${what}: ${error.message}`);
  }
};
const network = await tried("network", () => new Network().start());
const container = await tried("start", () =>
  new GenericContainer("tiny")
    .withCommand(["sh", "-c", "echo ready; sleep 600"])
    .withExposedPorts(80)
    .withEnvironment({ A: "b" })
    .withLabels({ a: "b" })
    .withNetwork(network)
    .withNetworkAliases("x")
    .withTmpFs({ "/t": "rw" })
    .withCopyContentToContainer([{ content: "hello", target: "/tmp/file" }])
    .withReuse()
    .withWaitStrategy(Wait.forLogMessage("ready"))
    .start(),
);
await tried("exec", () => container.exec(["echo", "x"], { workingDir: "/tmp", env: { A: "b" } }));
await tried("logs", async () => (await container.logs({ tail: 1 })).destroy());
await tried("copy to", () => container.copyContentToContainer([{ content: "x", target: "/tmp/y" }]));
await tried("copy from", async () => (await container.copyArchiveFromContainer("/tmp")).resume());
await tried("commit", () => container.commit({ repo: "tc", tag: "one" }));
await tried("restart", () => container.restart({ timeout: 0 }));
await tried("shell", () =>
  new GenericContainer("tiny")
    .withCommand(["sleep", "60"])
    .withWaitStrategy(Wait.forSuccessfulCommand("true"))
    .start()
    .then((it) => it.stop({ timeout: 0 })),
);
await tried("healthy", () =>
  new GenericContainer("tiny")
    .withCommand(["sleep", "60"])
    .withHealthCheck({ test: ["CMD-SHELL", "true"], interval: 500 })
    .withWaitStrategy(Wait.forHealthCheck())
    .start()
    .then((it) => it.stop({ remove: true })),
);
writeFileSync("Dockerfile", "FROM tiny\nARG A\nLABEL x=y\nCMD sleep 60\n");
await tried("build", async () => {
  const image = await GenericContainer.fromDockerfile(".")
    .withBuildArgs({ A: "b" })
    .withCache(false)
    .build("tcbuilt", { deleteOnExit: false });
  await (await image.start()).stop();
});
await tried("buildkit", () =>
  GenericContainer.fromDockerfile(".").withBuildkit().build("tckit", { deleteOnExit: false }),
);
writeFileSync("compose.yaml", "services:\n  a:\n    image: tiny\n    command: sleep 60\n");
await tried("compose", async () => (await new DockerComposeEnvironment(".", "compose.yaml").up()).down());
await tried("pull", () => new GenericContainer("localhost:5000/none:one").start());
await tried("client", async () => (await getContainerRuntimeClient()).info);
await tried("stop", () => container.stop({ timeout: 0, remove: true }));
await tried("network", () => network.stop());
process.exit();
