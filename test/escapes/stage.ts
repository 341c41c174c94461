/** What attempts need on a real engine: dan's things, which are the victims, and dora's. */
import type { Person } from "../support/gateway/people.ts";
import { type Places, VICTIM_SECRET } from "./escape.ts";

export const OWNER = "io.tetherdock.owner";

export interface Made {
  readonly Id: string;
}

interface Labelled {
  readonly Config: { readonly Labels: Record<string, string> };
}

interface Found {
  readonly Name: string;
  readonly State: { readonly Running: boolean; readonly Paused: boolean };
}

/** Starts a container that has a secret in a variable and in a file. */
export async function startTiny(
  { api }: Pick<Person, "api">,
  name: string,
  HostConfig: object = {},
): Promise<string> {
  const Cmd = ["sh", "-c", `mkdir -p /data; echo ${VICTIM_SECRET} >/data/secret; echo started; sleep 100000`];
  const Env = [`SECRET=${VICTIM_SECRET}`];
  const body = { Image: "tiny", Cmd, Env, HostConfig: { IpcMode: "shareable", ...HostConfig } };
  const { Id } = await api.json<Made>("POST", `/v1.41/containers/create?name=${name}`, body);
  await api.json("POST", `/containers/${Id}/start`);
  return Id;
}

export class Stage {
  readonly #admin: Person;
  readonly #dora: Person;
  readonly #dan: Person;
  readonly #n: string;
  places: Places = {};

  /** @param count of stages on this engine: names are used once */
  constructor(admin: Person, dora: Person, dan: Person, count: number) {
    this.#admin = admin;
    this.#dora = dora;
    this.#dan = dan;
    this.#n = String(count);
  }

  async make(): Promise<void> {
    const n = this.#n;
    const [id, mine, guest] = await Promise.all([
      startTiny(this.#dan, `victim${n}`, { Binds: [`vol${n}:/data`] }),
      startTiny(this.#dora, `mine${n}`),
      startTiny(this.#dan, `guest${n}`),
    ]);
    const networkId = await this.#network(this.#dan, `net${n}`, id);
    await this.#network(this.#dora, `my${n}`, guest);
    this.places = {
      ...{ n, id, mine, otherId: n.padStart(64, "a"), victim: `victim${n}`, prefix: id.slice(0, 12) },
      ...{
        exec: await this.#exec(id),
        volume: `vol${n}`,
        spare: `spare${n}`,
        raced: await this.#raced(mine),
      },
      ...{ network: `net${n}`, networkId, networkPrefix: networkId.slice(0, 12) },
      ...{ spareNetwork: `spare-net${n}`, myNetwork: `my${n}`, guest, owner: await this.#ownerOf(id) },
      hex: `${id.charCodeAt(0).toString(16)}${id.slice(1, 12)}`,
    };
    await this.restock();
    this.places = { ...this.places, now: (Date.now() / 1000).toFixed(3) };
  }

  /** Makes those of dan's things again that no container uses. */
  async restock(): Promise<void> {
    const n = this.#n;
    const make = (target: string, body: object) => this.#dan.api.call({ method: "POST", target, body });
    await make("/volumes/create", { Name: `spare${n}` });
    await make("/networks/create", { Name: `spare-net${n}` });
    await make(`/containers/create?name=idle${n}`, { Image: "tiny" });
    const idle = await this.#dan.api.json<Made>("GET", `/containers/idle${n}/json`);
    this.places = { ...this.places, idle: idle.Id };
  }

  /** Gives the two containers their names back, and lets them run. @returns false: one of them is gone */
  async restore(): Promise<boolean> {
    const { id = "", mine = "", victim = "", n = "" } = this.places;
    // the victim first: it may have the other's name
    for (const [container, name] of [
      [id, victim],
      [mine, `mine${n}`],
    ] as const) {
      const { status, body } = await this.#admin.api.call({
        method: "GET",
        target: `/containers/${container}/json`,
      });
      if (status === 404) return false;
      const { Name, State } = JSON.parse(body) as Found;
      const post = (rest: string) => this.#admin.api.json("POST", `/containers/${container}/${rest}`);
      if (Name !== `/${name}`) await post(`rename?name=${name}`);
      if (State.Paused) await post("unpause");
      if (!State.Running) await post("start");
    }
    // the engine forgets the execs of a container that ends
    this.places = { ...this.places, exec: await this.#exec(id) };
    return true;
  }

  async clear(): Promise<void> {
    const { id, mine, raced, guest, idle, volume, spare, network, spareNetwork, myNetwork } = this.places;
    const remove = (...targets: readonly string[]) =>
      Promise.all(targets.map((target) => this.#admin.api.call({ method: "DELETE", target })));
    await remove(...[id, mine, raced, guest, idle].map((one) => `/containers/${one}?force=1&v=1`));
    await remove(
      ...[volume, spare].map((one) => `/volumes/${one}?force=1`),
      ...[network, spareNetwork, myNetwork].map((one) => `/networks/${one}`),
    );
  }

  async #exec(id: string): Promise<string> {
    const body = { Cmd: ["sleep", "1"] };
    return (await this.#dan.api.json<Made>("POST", `/containers/${id}/exec`, body)).Id;
  }

  /** @param Container that an admin connects to it @returns the network's ID */
  async #network({ api }: Person, Name: string, Container: string): Promise<string> {
    const { Id } = await api.json<Made>("POST", "/networks/create", { Name });
    await this.#admin.api.json("POST", `/networks/${Id}/connect`, { Container });
    return Id;
  }

  async #ownerOf(id: string): Promise<string> {
    const { Config } = await this.#admin.api.json<Labelled>("GET", `/containers/${id}/json`);
    return Config.Labels[OWNER] ?? "";
  }

  /** Dora's, with dan's volume: what is left when she loses the race for its name. */
  async #raced(mine: string): Promise<string> {
    const body = {
      ...{ Image: "tiny", Labels: { [OWNER]: await this.#ownerOf(mine) }, Cmd: ["sleep", "1000"] },
      HostConfig: { Binds: [`vol${this.#n}:/data`] },
    };
    const target = `/containers/create?name=raced${this.#n}`;
    return (await this.#admin.api.json<Made>("POST", target, body)).Id;
  }
}
