/** Where docker commands go, as the docker CLI decides it: $DOCKER_HOST, $DOCKER_CONTEXT, the current context. */

/** The parts of the environment that decide. */
export interface DockerEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `process.platform`. */
  readonly platform: string;
}

/** Where docker commands go after the current context is removed. */
export interface LostContext {
  /** The context that was, or is still, the current one. */
  readonly name: string;
  /** The engine of the context "default" on this machine. */
  readonly engine: string;
  /** What overrides any current context in this shell. */
  readonly override: { readonly variable: "DOCKER_HOST" | "DOCKER_CONTEXT"; readonly value: string } | null;
}

/** What overrides any current context, the strongest first. Docker CLIs before 23 treat an empty variable as set. */
export function overrideOf(env: DockerEnvironment["env"]): LostContext["override"] {
  for (const variable of ["DOCKER_HOST", "DOCKER_CONTEXT"] as const) {
    const value = env[variable];
    if (value !== undefined) return { variable, value };
  }
  return null;
}

/** @returns what docker uses when nothing is set and no context is current */
function defaultEngine(platform: string): string {
  return platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock";
}

/** @param name a context that is current by the docker CLI's configuration, and goes */
export function withoutContext(name: string, { env, platform }: DockerEnvironment): LostContext {
  return { name, engine: defaultEngine(platform), override: overrideOf(env) };
}
