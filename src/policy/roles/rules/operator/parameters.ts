/** Which queries an operator's calls may have, beside a deployer's. */
import { PARAMETERS } from "../deployer/parameters.ts";

/** Calls on anything, whoever made it, that have no body and give nothing of the host. */
export const ON_ANYTHING: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...["ContainerStop", "ContainerKill", "ContainerPause"],
      ...["ContainerUnpause", "ContainerWait", "ContainerResize", "ContainerRename", "ContainerDelete"],
      ...["ContainerTop", "ContainerPrune", "VolumeDelete", "VolumePrune", "NetworkDelete", "NetworkPrune"],
      "ExecResize",
    ].map((name) => [name, PARAMETERS[name] ?? ""]),
  ),
  ImageDelete: "force noprune platforms",
  ImagePrune: "filters",
  BuildPrune: "all filters keep-storage reserved-space max-used-space min-free-space",
};

export const OPERATOR_PARAMETERS: Readonly<Record<string, string>> = { ...PARAMETERS, ...ON_ANYTHING };
