export { type Asked, type Kind, listThings, type Thing, type ThingsPorts } from "./list-things.ts";
export { type EngineList, ownedContainers, ownedNetworks, ownedVolumes } from "./owned.ts";
