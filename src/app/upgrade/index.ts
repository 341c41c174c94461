export { type Upgraded, type UpgradePorts, type UpgradeRequest, upgrade } from "./upgrade.ts";
