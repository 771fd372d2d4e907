/** A point of a line. */
export interface Point {
  readonly x: number;
  /** NaN is a gap. */
  readonly value: number;
}

/**
 * A line as its unbroken pieces, with fewer points: of each slice of the x axis the first, the last,
 * the lowest and the highest stay, so that a drawing shows every peak and every dip.
 *
 * @param points by rising x
 * @param most about how many points may stay
 */
export function thinPoints(points: readonly Point[], most: number): Point[][] {
  const pieces: Point[][] = [];
  let piece: Point[] | undefined;
  for (const point of points) {
    if (!Number.isFinite(point.value)) piece = undefined;
    else if (piece === undefined) pieces.push(piece = [point]);
    else piece.push(point);
  }
  const count = pieces.reduce((sum, { length }) => sum + length, 0);
  if (count <= most) return pieces;
  const first = pieces[0][0].x, last = pieces.at(-1)!.at(-1)!.x;
  const width = (last - first) / Math.max(1, Math.floor(most / 4)) || 1;
  return pieces.map((points) => thinPiece(points, { start: first, width }));
}

function thinPiece(
  points: readonly Point[],
  { start, width }: { readonly start: number; readonly width: number },
): Point[] {
  const kept = new Set<Point>();
  for (let from = 0; from < points.length;) {
    const slice = Math.floor((points[from].x - start) / width);
    let low = points[from], high = low, to = from;
    for (; to < points.length && Math.floor((points[to].x - start) / width) === slice; to++) {
      if (points[to].value < low.value) low = points[to];
      if (points[to].value > high.value) high = points[to];
    }
    const ends = [points[from], points[to - 1]];
    for (const point of [...ends, low, high].sort((a, b) => a.x - b.x)) kept.add(point);
    from = to;
  }
  return [...kept];
}
