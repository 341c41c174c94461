/** The story itself: git clone → docker build → docker run → curl. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Shell } from "./shell.ts";
import type { Way } from "./ways.ts";

const APP = fileURLToPath(new URL("../../e2e/app", import.meta.url));

/** Waits inside the container, so that the test from outside covers the published port and not the start. */
const untilServing = (name: string) =>
  `docker exec ${name} timeout 20 sh -c 'until wget -q -O /dev/null http://127.0.0.1/; do usleep 20000; done'`;

/** A bare repository of test/e2e/app, made once for each laptop. */
const REPOSITORY = `[ -d app.git ] || (
    cp -r ${APP} app; cd app; git init -q -b main; git add -A
    git -c user.name=asker -c user.email=asker@example.org commit -qm 'the application'
    git clone -q --bare . ../app.git)`;

/** A fresh clone of it. @returns the folder's name, as unique as a container's */
export async function cloneApp(shell: Shell): Promise<string> {
  const name = shell.container();
  await shell.must(`${REPOSITORY}; git clone -q app.git ${name}`);
  return name;
}

export function builds(open: () => Shell, { buildKit }: Pick<Way, "buildKit">): void {
  const builders = [
    ["classic", "0", /Successfully built [0-9a-f]{12}\n/],
    ["BuildKit", "1", /exporting to image/],
  ] as const;

  test.each(builders.slice(0, buildKit ? 2 : 1))(
    "git clone, docker build (%s), docker run -p, curl from outside",
    async (_name, value, sign) => {
      const shell = open();
      const app = await cloneApp(shell);
      const port = shell.port();
      const built = await shell.run(
        `cd ${app}; DOCKER_BUILDKIT=${value} docker build -t ${app} --build-arg WHO=${app} .`,
      );
      expect(built).toMatchObject({ status: 0 });
      expect(built.stdout + built.stderr).toMatch(sign);
      await shell.must(`docker run -d --name ${app} -p ${port}:80 ${app}`);
      await shell.must(untilServing(app));
      const page = `hello from the repository\nbuilt for ${app}`;
      expect(await shell.must(`curl -fsS --max-time 10 http://${shell.host.ip}:${port}/`)).toBe(page);
      expect(await shell.must(`docker port ${app} 80/tcp`)).toContain(`0.0.0.0:${port}`);
      await shell.must(`docker rm -f ${app}`);
      expect((await shell.run(`curl -fsS --max-time 10 http://${shell.host.ip}:${port}/`)).status).toBe(7);
    },
  );

  test.each(builders.slice(0, buildKit ? 2 : 1))(
    "a build that fails (%s) says where and has a status",
    async (_name, value) => {
      const built = await open().run(
        `printf 'FROM tiny\\nRUN echo so far; exit 3\\n' | DOCKER_BUILDKIT=${value} docker build --no-cache -`,
      );
      expect(built.status).not.toBe(0);
      expect(built.stdout + built.stderr).toContain("so far");
      expect(built.stderr).toMatch(/(?:returned a non-zero code|exit code): 3/);
    },
  );
}
