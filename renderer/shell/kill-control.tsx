/** Stands in the header of every view. */
export function KillControl() {
  return null;
}
