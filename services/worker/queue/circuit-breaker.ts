/**
 * Leaves runs of a job in the queue while what the job needs is broken, so that they do not use up their attempts.
 * Open after some failures in a row; then one run at a time is let through to try, and each that fails keeps it open
 * for twice as long.
 */
export class CircuitBreaker {
  private failures = 0;
  private openings = 0;
  private openUntil = 0;
  private isTrying = false;

  /**
   * @param threshold failures in a row that open it
   * @param pauseMs how long it is open the first time
   * @param now milliseconds of a clock
   */
  constructor(
    private readonly threshold = 5,
    private readonly pauseMs = 30_000,
    private readonly now = Date.now,
  ) {}

  get isOpen(): boolean {
    return this.openings > 0;
  }

  /** Whether a run may begin now. */
  get admits(): boolean {
    return !this.isOpen || (!this.isTrying && this.now() >= this.openUntil);
  }

  began(): void {
    this.isTrying = this.isOpen;
  }

  succeeded(): void {
    this.failures = this.openings = 0;
    this.isTrying = false;
  }

  failed(): void {
    this.failures++;
    // Those that had begun before it opened tell nothing new.
    if (this.isOpen ? !this.isTrying : this.failures < this.threshold) return;
    this.isTrying = false;
    this.openUntil = this.now() + Math.min(this.pauseMs * 2 ** this.openings, longestPauseMs);
    this.openings++;
  }

  /** The run that was let through has said nothing about what it needs. */
  abandoned(): void {
    this.isTrying = false;
  }
}

const longestPauseMs = 10 * 60_000;
