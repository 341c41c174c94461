/** How to approve where nobody can be asked. */
export const WITHOUT_TERMINAL =
  "give the fingerprint that tetherdock join has printed there: --fingerprint HEX; or do not compare it: --yes";
