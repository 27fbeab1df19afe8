/** Work that is done again and again, once at a time: a run that takes long puts off the next, and none pile up. */
export class Repeating {
  private underWay = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  /**
   * @param work never rejects
   * @param everyMs milliseconds from the end of a run to the next
   */
  constructor(
    private readonly work: () => Promise<void>,
    private readonly everyMs: number,
  ) {
    this.schedule();
  }

  /** A run of its own, after the one that is under way. */
  now(): Promise<void> {
    this.underWay = this.underWay.then(this.work);
    return this.underWay;
  }

  /** No more runs, but for those that somebody waits for. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.underWay;
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.now().then(() => this.schedule()), this.everyMs).unref();
  }
}
