/** An event whose default can be prevented, as Electron's listeners get it. */
export class StandInEvent {
  isPrevented = false;

  preventDefault(): void {
    this.isPrevented = true;
  }
}
