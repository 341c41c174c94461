/** A property test looks for a mutant for two seconds at most, not for as long as it takes on the sources. */
import fc from "fast-check";

fc.configureGlobal({ ...fc.readConfigureGlobal(), interruptAfterTimeLimit: 2_000 });
