/** The first line of every unit and drop-in that a plan writes. */
export const HEADER = "# Made by tetherdock up; tetherdock down takes it away.\n";
