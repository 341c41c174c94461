/** A property test looks for a mutant for a quarter of a second, not for as long as it takes on the sources. */
import fc from "fast-check";

fc.configureGlobal({ ...fc.readConfigureGlobal(), interruptAfterTimeLimit: 250 });
