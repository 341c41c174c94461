/** Other objects of an engine: volumes, networks, swarm, plugins, and unused objects. */
import { expect } from "vitest";
import { type Row, until } from "./row.ts";

export const engineThings: readonly Row[] = [
  {
    what: "volumes",
    run: async (shell) => {
      const name = shell.container();
      await shell.must(
        `docker volume create ${name}; docker run --rm -v ${name}:/v tiny sh -c 'echo kept >/v/file'`,
      );
      expect(await shell.must(`docker run --rm -v ${name}:/v tiny cat /v/file`)).toBe("kept");
      await shell.must(`docker volume inspect ${name}; docker volume rm ${name}`);
    },
  },
  {
    what: "networks: one container finds another by its name",
    run: async (shell) => {
      const name = shell.container();
      await shell.must(`docker network create ${name}
        docker run -d --name ${name} --network ${name} tiny sh -c 'echo found >/tmp/index.html; exec httpd -f -p 80 -h /tmp'`);
      expect(
        await shell.must(until(`docker run --rm --network ${name} tiny wget -qO- http://${name}/`)),
      ).toContain("found");
      await shell.must(`docker rm -f ${name}; docker network rm ${name}`);
    },
  },
  {
    what: "`swarm init`, a service, its logs",
    run: async (shell) => {
      const name = shell.container();
      await shell.must(`docker swarm init --advertise-addr 127.0.0.1
        docker service create --detach --name ${name} tiny sh -c 'echo serving; exec sleep 1000'`);
      try {
        await shell.must(until(`docker service logs ${name} 2>&1 | grep serving`));
        expect(await shell.must("docker node ls --format '{{.Status}}'")).toBe("Ready");
        await shell.must(`docker service rm ${name}`);
      } finally {
        await shell.must("docker swarm leave --force");
      }
    },
  },
  {
    what: "plugins: `ls`, `create`, `rm`",
    run: async (shell) => {
      const name = shell.container();
      await shell.must(`mkdir -p ${name}/rootfs/run; printf '%s' '{"interface":{"types":["docker.volumedriver/1.0"],"socket":"p.sock"},"entrypoint":["/p"]}' >${name}/config.json
        docker plugin create ${name} ${name}`);
      expect(await shell.must("docker plugin ls --format '{{.Name}} {{.Enabled}}'")).toBe(
        `${name}:latest false`,
      );
      await shell.must(`docker plugin rm ${name}`);
    },
  },
  {
    what: "images: tag, inspect, history, commit, rmi; `system df`, `info`",
    run: async (shell) => {
      const name = shell.container();
      await shell.must(`docker tag tiny ${name}; docker image inspect ${name}; docker history ${name}
        docker run --name ${name} tiny touch /new; docker diff ${name}; docker commit ${name} ${name}:next; docker rm ${name}`);
      expect(await shell.must(`docker run --rm ${name}:next ls /new`)).toBe("/new");
      await shell.must(`docker rmi ${name} ${name}:next; docker system df`);
      expect(await shell.must("docker info --format '{{.Name}}'")).toBe(shell.host.name);
    },
  },
  {
    what: "`prune`: of containers, volumes, the builder's cache",
    run: async (shell) => {
      const name = shell.container();
      await shell.must(`docker create --name ${name} --label prune=${name} tiny true
        docker volume create --label prune=${name} ${name}`);
      const pruned = await shell.must(`docker container prune -f --filter label=prune=${name}
        docker volume prune -f --filter label=prune=${name}; docker builder prune -f`);
      expect(pruned).toContain("Total reclaimed space");
      expect(await shell.must(`docker ps -aq --filter name=${name}`)).toBe("");
    },
  },
];
