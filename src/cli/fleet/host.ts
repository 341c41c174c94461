/** `tetherdock fleet host`: the fleet process of a host, in the foreground, as systemd wants it. */
import { FollowStore, PassQuestions } from "../../app/fleet-host/index.ts";
import { quoteForeign } from "../../base/index.ts";
import { STORE_CONNECTED, STORE_LOST } from "../../facts/index.ts";
import { parseLink, type StoreState } from "../../fleet/index.ts";
import { readText } from "../../system/files/file-error.ts";
import { askGateway, passQuestion } from "../../system/fleet-process/ask-gateway.ts";
import { pause } from "../../system/fleet-process/pause.ts";
import { untilGone } from "../../system/fleet-process/until-gone.ts";
import { openHostStore } from "../../system/fleet-store/open-host-store.ts";
import type { Context } from "../context.ts";
import { serviceSignals } from "../lines/service-signals.ts";
import type { HostFlags } from "./flags.ts";

export async function fleetHost(this: Context, { link: path }: HostFlags): Promise<void> {
  const link = parseLink(await readText(path), path);
  const log = (line: string) => this.stderr.line(line);
  let state: StoreState | null = null;
  let follow: FollowStore | null = null;
  const onState = (next: StoreState) => {
    state = next;
    void follow?.tellState();
    log(next.is === "connected" ? STORE_CONNECTED : `${STORE_LOST}${quoteForeign(next.why)}`);
  };
  const questions = new PassQuestions(passQuestion(link.socket));
  const onQuestion = (question: string) => questions.answer(question);
  const store = await openHostStore({ ...link, onState, onQuestion });
  const ports = { store, handOver: askGateway(link.socket), pause, random: Math.random };
  const { ending } = serviceSignals();
  const [gone, over] = [new AbortController(), new AbortController()];
  // Another file has another socket: systemd starts the process again, with that one.
  void untilGone(link.socket, AbortSignal.any([ending, over.signal])).then(() => gone.abort());
  try {
    follow = new FollowStore({ ...ports, log }, link.host, () => state);
    await follow.run(AbortSignal.any([ending, gone.signal]));
  } finally {
    // Or the process would go on, without doing anything, for as long as the gateway listens.
    over.abort();
    await store.close();
  }
}
