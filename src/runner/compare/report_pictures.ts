import { Buffer } from "node:buffer";
import { formatShare } from "./difference_numbers.ts";
import { imageSize, imageType } from "./image_size.ts";
import type { OutputDifference } from "./output_difference.ts";
import { type Html, markup } from "./report_html.ts";
import type { ReportLimits } from "./report_limits.ts";

/** The stored and the fresh picture and what differs, side by side or one over the other. */
export function pictures(
  { image, part, cellIndex, executedIndex = cellIndex }: OutputDifference,
  limits: ReportLimits,
): Html | undefined {
  if (image === undefined) return undefined;
  const of = `of cell ${executedIndex}, ${part}`;
  const stored = picture(image.stored, { alt: `Stored picture ${of}`, limits });
  const fresh = picture(image.fresh, { alt: `Fresh picture ${of}`, limits });
  const marked = image.marked === undefined
    ? undefined
    : picture(image.marked, { alt: `Marked picture ${of}`, limits });
  const both = stored.shown && fresh.shown;
  return markup`<div class="pictures">
${both ? overlayControls() : undefined}
<div class="frames">
<figure class="stored">${stored.image}<figcaption>Stored${
    sizeOf(image.stored)
  }</figcaption></figure>
<figure class="fresh">${fresh.image}<figcaption>Fresh${sizeOf(image.fresh)}</figcaption></figure>
${
    marked === undefined ? undefined : markup`<figure class="marked">${marked.image}<figcaption>
What differs, in red: ${formatShare(image.share)} of the pixels</figcaption></figure>`
  }
</div></div>`;
}

/** The switch works by style alone; the slider needs the page's script. */
function overlayControls(): Html {
  return markup`<p class="controls"><label><input type="checkbox" class="overlay"> Fresh over stored</label>
<label class="slide"><input type="range" min="0" max="100" value="50">
stored on its left, fresh on its right</label></p>`;
}

interface Picture {
  readonly image: Html;
  readonly shown: boolean;
}

/** An image element; only what is a PNG or JPEG file by its bytes, and while there is room. */
function picture(
  bytes: Uint8Array,
  { alt, limits }: { readonly alt: string; readonly limits: ReportLimits },
): Picture {
  const type = imageType(bytes);
  const reason = type === undefined
    ? `${bytes.length} bytes that are no PNG or JPEG picture`
    : bytes.length > limits.pictureBytes
    ? `left out: ${bytes.length} bytes, and the page holds enough pictures`
    : undefined;
  if (reason !== undefined) {
    return { image: markup`<p class="note">${alt}: ${reason}.</p>`, shown: false };
  }
  limits.pictureBytes -= bytes.length;
  const size = imageSize(bytes);
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
  const box = size === undefined
    ? undefined
    : markup` width="${size.width}" height="${size.height}"`;
  const image = markup`<img src="data:${type};base64,${data}" alt="${alt}"${box}>`;
  return { image, shown: true };
}

function sizeOf(bytes: Uint8Array): string {
  const size = imageSize(bytes);
  return size === undefined ? "" : `, ${size.width} x ${size.height}`;
}
