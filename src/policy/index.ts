export type { Answer } from "./answers/index.ts";
export type {
  Asking,
  EngineLookup,
  FoundContainer,
  FoundDriver,
  FoundExec,
  FoundImage,
  FoundNetwork,
  Labels,
  VolumeFills,
} from "./asking.ts";
export { namesOwner, OWNER_LABEL } from "./body/model/index.ts";
export { BUILDER_LABEL } from "./build/attributes.ts";
export type { CallKind, GrpcCall, PassedCall, SentAnswer } from "./build/index.ts";
export { decide } from "./decide.ts";
export type {
  Allow,
  Calls,
  CallVerdict,
  Decision,
  Deny,
  Judge,
  Judged,
  SentFiles,
  Verdict,
} from "./decision.ts";
export { bindConflicts } from "./file/binds.ts";
export { type OwnRole, readOwnRole } from "./file/compile-role-file.ts";
export { OWN_ROLE_NAME, type RoleFile } from "./file/role-file.ts";
export { roleFileSchema } from "./file/schema.ts";
export {
  ADMIN_ROLE,
  administers,
  DEFAULT_ROLE,
  defaultRole,
  ROLE_NAMES,
  ROLES,
  type RoleDefinition,
  type RoleFacts,
  type RoleName,
  widestRole,
} from "./roles/catalogue.ts";
export { compileRole, type Role } from "./roles/compile.ts";
export { PRESET_NAMES, PRESETS, type PresetName, presetOf } from "./roles/presets.ts";
export { bytesOf, volumeBytes } from "./roles/rules/deployer/keeps.ts";
export { CONFINED } from "./roles/rules/operator/holds-root.ts";
export { STANDINGS, type Standing, standingOf } from "./roles/serving.ts";
