/**
 * What a viewer is shown of each answer. Reviewed field by field against Docker's specifications of API 1.25 to 1.56 and
 * against what engines really answer; docs/reference/viewer.md is made from it.
 */
import { containerInspect, containerStats, containerSummary, execInspect } from "./containers.ts";
import { imageInspect, imageSummary, volume, volumeList } from "./images.ts";
import { list, type Mark } from "./mark.ts";
import { network } from "./networks.ts";
import { node, service, task } from "./swarm.ts";
import { diskUsage, event, systemInfo, systemVersion } from "./system.ts";

/** The answer of one operation. */
export interface Answer {
  /** Of each value in the answer. */
  readonly mark: Mark;
  /** One value a line, as they come, and not one in all. */
  readonly lines: boolean;
}

const whole = (mark: Mark): Answer => ({ mark, lines: false });
const lines = (mark: Mark): Answer => ({ mark, lines: true });

/** By the operation's name. */
export const answers: ReadonlyMap<string, Answer> = new Map([
  ["SystemVersion", whole(systemVersion)],
  ["SystemInfo", whole(systemInfo)],
  ["SystemEvents", lines(event)],
  ["SystemDataUsage", whole(diskUsage)],
  ["ContainerList", whole(list(containerSummary))],
  ["ContainerInspect", whole(containerInspect)],
  ["ContainerStats", lines(containerStats)],
  ["ExecInspect", whole(execInspect)],
  ["ImageList", whole(list(imageSummary))],
  ["ImageInspect", whole(imageInspect)],
  ["VolumeList", whole(volumeList)],
  ["VolumeInspect", whole(volume)],
  ["NetworkList", whole(list(network))],
  ["NetworkInspect", whole(network)],
  ["NodeList", whole(list(node))],
  ["NodeInspect", whole(node)],
  ["ServiceList", whole(list(service))],
  ["ServiceInspect", whole(service)],
  ["TaskList", whole(list(task))],
  ["TaskInspect", whole(task)],
]);
