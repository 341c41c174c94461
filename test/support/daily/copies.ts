/** Large amounts of data in one piece, in both directions. */
import { expect } from "vitest";
import type { Row } from "./row.ts";

const MEGABYTES = 300;
/** An incompressible file, made once for each laptop. */
const BIG = `[ -e big ] || { head -c ${MEGABYTES}000000 /dev/urandom >big.new; mv big.new big; }`;

export const copies: readonly Row[] = [
  {
    what: `\`cp\` of ${MEGABYTES} MB, there and back`,
    run: async (shell) => {
      const name = shell.container();
      await shell.must(`${BIG}; docker create --name ${name} tiny true; docker cp big ${name}:/big`);
      const sums = await shell.must(
        `docker cp ${name}:/big - | tar -xO | sha256sum; sha256sum <big; docker rm ${name}`,
      );
      const [back, here] = sums.split("\n");
      expect(back).toBe(here);
    },
  },
  {
    what: `\`import\`, \`save\`, \`load\`, \`export\` of ${MEGABYTES} MB`,
    run: async (shell) => {
      const name = shell.container();
      await shell.must(`${BIG}; tar -c big | docker import - ${name}`);
      await shell.must(
        `docker save -o ${name}.tar ${name}; docker rmi ${name}; docker load -i ${name}.tar; rm ${name}.tar`,
      );
      const sums = await shell.must(`docker create --name ${name} ${name} none >/dev/null
        docker export ${name} | tar -xO big | sha256sum; sha256sum <big; docker rm ${name} >&2; docker rmi ${name} >&2`);
      const [back, here] = sums.split("\n");
      expect(back).toBe(here);
    },
  },
];
