/** Images made from files on the laptop. */
import { expect } from "vitest";
import { cloneApp } from "../life/builds.ts";
import type { Shell } from "../life/shell.ts";
import { isOld, lacksPlugin, type Row } from "./row.ts";

const NO_BUILDX = "Debian 12's docker 20.10 does not include buildx";

/** A separate folder with this Dockerfile. */
async function project(shell: Shell, dockerfile: string, more = ":"): Promise<string> {
  const name = shell.container();
  await shell.must(`mkdir ${name}; cd ${name}; cat >Dockerfile <<'END'\n${dockerfile}\nEND\n${more}`);
  return name;
}

const printed = (shell: Shell, image: string, file: string) =>
  shell.must(`docker run --rm ${image} cat ${file}`);

export const builds: readonly Row[] = [
  {
    what: "`docker build` with the classic builder",
    run: async (shell) => {
      const app = await cloneApp(shell);
      const { stdout } = await shell.run(`DOCKER_BUILDKIT=0 docker build -t ${app} ${app}`);
      expect(stdout).toMatch(/Successfully built [0-9a-f]{12}\n/);
      expect(await printed(shell, app, "/www/index.html")).toContain("hello from the repository");
    },
  },
  {
    what: "`docker build` with BuildKit",
    run: async (shell) => {
      const app = await cloneApp(shell);
      const built = await shell.run(`DOCKER_BUILDKIT=1 docker build -t ${app} --build-arg WHO=${app} ${app}`);
      expect(built, built.stderr).toMatchObject({ status: 0 });
      expect(built.stderr + built.stdout).toContain("exporting to image");
      expect(await printed(shell, app, "/www/index.html")).toContain(`built for ${app}`);
    },
  },
  {
    what: "`docker buildx build --load`, `docker buildx du`",
    run: async (shell, column) => {
      if (isOld(column)) return lacksPlugin(shell, "buildx", NO_BUILDX);
      const app = await cloneApp(shell);
      await shell.must(`docker buildx build --load -t ${app} ${app}`);
      expect(await shell.must("docker buildx du")).toContain("Total:");
      expect(await printed(shell, app, "/www/index.html")).toContain("hello from the repository");
      return;
    },
  },
  {
    what: "one stage of several, `--target`",
    run: async (shell) => {
      const name = await project(
        shell,
        "FROM tiny AS a\nRUN echo a >/stage\nFROM a AS b\nRUN echo b >/stage",
      );
      await shell.must(`DOCKER_BUILDKIT=1 docker build --target a -t ${name} ${name}`);
      expect(await printed(shell, name, "/stage")).toBe("a");
    },
  },
  {
    what: "`build --secret`: used, and not in the image",
    run: async (shell) => {
      const name = await project(
        shell,
        "FROM tiny\nRUN --mount=type=secret,id=key sha256sum </run/secrets/key >/sum",
        "echo hunter2 >key; echo key >.dockerignore",
      );
      await shell.must(`DOCKER_BUILDKIT=1 docker build --secret id=key,src=${name}/key -t ${name} ${name}`);
      const sum = (await shell.must(`sha256sum <${name}/key`)).slice(0, 64);
      expect(await printed(shell, name, "/sum")).toContain(sum);
      await shell.must(`docker run --rm ${name} test ! -s /run/secrets/key`);
    },
  },
  {
    what: "`build --ssh`: the laptop's agent answers inside",
    run: async (shell) => {
      // images here have no ssh-add: use the laptop's own, with the libraries that it needs
      const name = await project(
        shell,
        "FROM tiny\nCOPY root /\nRUN --mount=type=ssh ssh-add -l >/said",
        `add=$(readlink -f "$(command -v ssh-add)"); ssh-keygen -q -t ed25519 -N '' -f id; mkdir -p root/bin
         cp $add root/bin/ssh-add; for file in $(ldd $add | grep -o '/[^ ]*'); do cp --parents -L $file root; done`,
      );
      const there = await shell.must(`cd ${name}; trap 'ssh-agent -k >/dev/null' EXIT
        eval "$(ssh-agent)" >/dev/null; ssh-add -q id; ssh-add -l
        DOCKER_BUILDKIT=1 docker build --quiet --no-cache --ssh default -t ${name} . >&2`);
      expect(there).toContain("(ED25519)");
      expect(await printed(shell, name, "/said")).toBe(there);
    },
  },
  {
    what: "`build --output`: files come back to the laptop",
    run: async (shell) => {
      const name = await project(
        shell,
        "FROM tiny AS made\nRUN echo built >/file\nFROM scratch\nCOPY --from=made /file /",
      );
      await shell.must(`DOCKER_BUILDKIT=1 docker build --output ${name}/out ${name}`);
      expect(await shell.must(`cat ${name}/out/file`)).toBe("built");
    },
  },
  {
    what: "a project as `docker init` makes them: cache and bind mounts, a user, compose",
    run: async (shell, column) => {
      const name = await project(
        shell,
        `FROM tiny AS base
WORKDIR /usr/src/app
FROM base AS build
RUN --mount=type=bind,source=package.json,target=package.json --mount=type=cache,target=/root/.cache \\
    cp package.json /root/.cache/seen && cat /root/.cache/seen >made
FROM base AS final
RUN echo app:x:10001:10001::/:/bin/sh >>/etc/passwd
USER app
COPY . .
COPY --from=build /usr/src/app/made .
EXPOSE 3000
CMD ["sh", "-c", "id -un; cat made; exec sleep 1000"]`,
        `echo '{"name":"app"}' >package.json; printf '**/.git\\n**/node_modules\\n' >.dockerignore
         mkdir node_modules; touch node_modules/x
         printf 'version: "3"\\nservices:\\n  server:\\n    build:\\n      context: .\\n    ports: ["%s:3000"]\\n' ${shell.port()} >compose.yaml`,
      );
      const compose = isOld(column) ? "docker-compose" : "docker compose";
      await shell.must(
        `cd ${name}; export DOCKER_BUILDKIT=1 COMPOSE_DOCKER_CLI_BUILD=1; ${compose} up -d --build`,
      );
      expect(await shell.must(`cd ${name}; ${compose} logs`)).toMatch(/app\n.*\{"name":"app"\}/);
      expect(await shell.must(`cd ${name}; ${compose} exec -T server ls`)).not.toContain("node_modules");
      await shell.must(`cd ${name}; ${compose} down -t 0`);
    },
  },
  {
    what: "`docker buildx bake`",
    run: async (shell, column) => {
      if (isOld(column)) return lacksPlugin(shell, "buildx", NO_BUILDX);
      const name = await project(
        shell,
        "FROM tiny\nARG WHO\nRUN echo $WHO >/who",
        String.raw`for who in one two; do
          printf 'target "%s" {\n args = { WHO = "%s" }\n tags = ["%s"]\n}\n' $who $who $(basename $PWD)-$who
        done >docker-bake.hcl`,
      );
      await shell.must(`cd ${name}; docker buildx bake one two`);
      expect(await printed(shell, `${name}-two`, "/who")).toBe("two");
      return;
    },
  },
  {
    what: "`docker buildx create`, driver docker-container",
    run: async (shell, column) => {
      if (isOld(column)) return lacksPlugin(shell, "buildx", NO_BUILDX);
      const name = shell.container();
      const create = `docker buildx create --driver docker-container --name ${name}`;
      if (column.by === "environment") {
        const refused = await shell.run(create);
        expect(refused.status).not.toBe(0);
        expect(refused.stderr).toContain(
          "could not create a builder instance with TLS data loaded from environment",
        );
        return "buildx takes no TLS from the environment (buildx#2520): use a context";
      }
      await shell.must(`${create} web`);
      const { stderr } = await shell.run(
        `docker buildx inspect --bootstrap ${name}; docker buildx rm ${name}`,
      );
      expect(stderr).toMatch(/moby\/buildkit/);
      return "creates the builder and asks the engine for the image moby/buildkit; the test hosts have no registry to pull it from";
    },
  },
  {
    what: "`docker buildx create`, driver remote",
    run: async (shell, column) => {
      if (isOld(column)) return lacksPlugin(shell, "buildx", NO_BUILDX);
      const name = shell.container();
      await shell.must(
        `docker buildx create --driver remote --name ${name} tcp://127.0.0.1:1; docker buildx rm ${name}`,
      );
      return "connects to your own buildkitd, not to the engine; Debian has no buildkitd to test with";
    },
  },
];
