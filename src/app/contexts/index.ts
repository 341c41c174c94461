export {
  type ContextPorts,
  type CreatedContext,
  createContext,
  type NewContext,
  type Refreshed,
  refreshContexts,
  removeNamed,
} from "./contexts.ts";
