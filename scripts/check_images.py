#!/usr/bin/env python3
"""Compares utils::load_img with real Keras, for every kind of PNG and JPEG, color_mode and interpolation:  check_images.py LOAD_IMAGES

With the python of peers.sh keras3; LOAD_IMAGES is the program of tests/golden/load_images.cpp. A file that Keras reads must give the same
array (of int32 where Keras' is uint16), one that Keras refuses may be an error. JPEG pixels may differ by 2: the decoders are not the same.
"""
import io, itertools, os, pathlib, struct, subprocess, sys, tempfile, warnings, zlib
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
from PIL import Image
import keras

warnings.simplefilter("ignore")
rng = np.random.default_rng(7)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(values, depth, color, extra=b"", interlaced=False):
    """values: (height, width, channels) of 0 ... 2**depth - 1"""
    h, w, _ = values.shape

    def rows(part):
        out = b""
        for row in part:
            if depth == 16: packed = row.astype(">u2").tobytes()
            elif depth == 8: packed = row.astype("u1").tobytes()
            else:
                bits = "".join(format(int(v), f"0{depth}b") for v in row.reshape(-1))
                bits += "0" * (-len(bits) % 8)
                packed = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
            out += b"\0" + packed
        return out

    if interlaced: raw = b"".join(rows(values[y::dy, x::dx]) for x, y, dx, dy in ADAM7 if values[y::dy, x::dx].size)
    else: raw = rows(values)
    head = struct.pack(">IIBBBBB", w, h, depth, color, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def random(depth, channels, shape=(13, 17)):
    values = rng.integers(0, 2 ** depth, (*shape, channels))
    if channels in (2, 4) and depth == 8: values[rng.random(shape) < 0.2, -1] = 0
    return values


def transparent(*values):
    return chunk(b"tRNS", struct.pack(f">{len(values)}H", *(int(v) for v in values)))


def pictures():
    for depth in (1, 2, 4, 8, 16):
        for interlaced in (False, True):
            name = f"grey{depth}" + ("_interlaced" if interlaced else "")
            yield name + ".png", png(random(depth, 1), depth, 0, interlaced=interlaced)
        values = random(depth, 1)
        yield f"grey{depth}_key.png", png(values, depth, 0, transparent(values[3, 3, 0]))
        yield f"grey{depth}_key255.png", png(values, depth, 0, transparent(255))
    yield "grey16_dark.png", png(random(9, 1), 16, 0, transparent(255))
    for depth in (8, 16):
        for interlaced in (False, True):
            name = f"{depth}" + ("_interlaced" if interlaced else "")
            yield f"grey_alpha{name}.png", png(random(depth, 2), depth, 4, interlaced=interlaced)
            yield f"rgb{name}.png", png(random(depth, 3), depth, 2, interlaced=interlaced)
            yield f"rgba{name}.png", png(random(depth, 4), depth, 6, interlaced=interlaced)
        values = random(depth, 3)
        yield f"rgb{depth}_key.png", png(values, depth, 2, transparent(*values[3, 3]))
    values = random(8, 3)
    values[::2] = values[3, 3]
    yield "rgb8_often_key.png", png(values, 8, 2, transparent(*values[3, 3]))
    for depth in (1, 2, 4, 8):
        colors = chunk(b"PLTE", rng.integers(0, 256, 3 * 2 ** depth, dtype=np.uint8).tobytes())
        alphas = chunk(b"tRNS", rng.integers(0, 256, max(1, 2 ** depth // 2), dtype=np.uint8).tobytes())
        one = chunk(b"tRNS", b"\xff\0")
        yield f"palette{depth}.png", png(random(depth, 1), depth, 3, colors)
        yield f"palette{depth}_alphas.png", png(random(depth, 1), depth, 3, colors + alphas)
        yield f"palette{depth}_one.png", png(random(depth, 1), depth, 3, colors + one, interlaced=True)
    yield "palette_short.png", png(random(8, 1), 8, 3, chunk(b"PLTE", bytes(range(30))))
    yield "rgb8_gamma.png", png(random(8, 3), 8, 2, chunk(b"gAMA", struct.pack(">I", 100000)))
    yield "one_pixel.png", png(random(8, 3, (1, 1)), 8, 2)
    yield "wide.png", png(random(8, 3, (1, 40)), 8, 2)

    def jpeg(values, mode, **options):
        out = io.BytesIO()
        Image.fromarray(values.astype("u1").squeeze(), mode=mode).save(out, "JPEG", **options)
        return out.getvalue()

    smooth = np.add.outer(np.arange(24) * 7, np.arange(40) * 3)[..., None] % 256 * np.ones(4)
    smooth[..., 1] = smooth[::-1, :, 0]
    smooth[..., 2] //= 2
    for quality, subsampling, progressive in itertools.product((60, 95), (0, 1, 2), (False, True)):
        yield (f"rgb_{quality}_{subsampling}_{progressive}.jpg",
               jpeg(smooth[..., :3], "RGB", quality=quality, subsampling=subsampling, progressive=progressive))
    yield "grey.jpg", jpeg(smooth[..., :1], "L", quality=90)
    cmyk = jpeg(smooth, "CMYK", quality=90)
    yield "cmyk.jpg", cmyk
    at = cmyk.index(b"Adobe")
    yield "ycck.jpg", cmyk[:at + 11] + b"\2" + cmyk[at + 12:]
    yield "cmyk_no_adobe.jpg", cmyk[:at - 4] + cmyk[at + 12:]
    yield "rgb_transform0.jpg", jpeg(smooth[..., :3], "RGB", quality=90, keep_rgb=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    yield "turned.jpg", jpeg(smooth[..., :3], "RGB", quality=90, exif=exif)
    yield "mislabelled.png", jpeg(smooth[..., :1], "L", quality=90)


def main():
    folder = pathlib.Path(tempfile.mkdtemp())
    cases, lines = [], []
    sizes = [(None, False), ((8, 11), False), ((29, 20), False), ((8, 8), True), ((30, 12), True), ((5, 40), True), ((13, 9), True)]
    for name, data in pictures():
        (folder / name).write_bytes(data)
        for color, (size, keep) in itertools.product(("grayscale", "rgb", "rgba"), sizes):
            for method in ("nearest", "bilinear", "bicubic", "hamming", "box", "lanczos") if size else ("nearest",):
                out = folder / f"{len(cases)}.npy"
                cases.append((folder / name, color, size, method, keep, out))
                lines.append(f"{folder / name} {color} {size[0] if size else 0} {size[1] if size else 0} {method} {int(keep)} {out}")
    (folder / "list").write_text("\n".join(lines) + "\n")
    subprocess.run([sys.argv[1], folder / "list"], check=True)
    wrong, refused = 0, 0
    for path, color, size, method, keep, out in cases:
        case = f"{path.name} {color} {size} {method} {'keep_aspect_ratio' if keep else ''}"
        try:
            image = keras.utils.load_img(path, color_mode=color, target_size=size, interpolation=method, keep_aspect_ratio=keep)
            expected = np.asarray(image)
            numbers = keras.utils.img_to_array(image)
        except Exception as error:
            expected = error
        if isinstance(expected, Exception):
            refused += 1
            if out.exists(): print(f"{case}: Keras refuses it: {expected}")
            continue
        if not out.exists():
            wrong += 1
            print(f"{case}: {pathlib.Path(str(out) + '.txt').read_text()}")
            continue
        got = np.load(out)
        expected = expected.reshape(*expected.shape[:2], -1)
        same_type = got.dtype == ("int32" if expected.dtype == np.uint16 else expected.dtype)
        bound = 2 if path.read_bytes().startswith(b"\xff\xd8") else 0
        if not same_type or got.shape != expected.shape or np.abs(got.astype(int) - expected.astype(int)).max() > bound \
                or not (got.shape == numbers.shape and np.abs(got - numbers).max() <= bound):
            wrong += 1
            far = np.abs(got.astype(int) - expected.astype(int)).max() if got.shape == expected.shape else "?"
            print(f"{case}: {got.dtype}{got.shape} instead of {expected.dtype}{expected.shape}, {far} away")
    print(f"check_images: {len(cases)} cases, {refused} that Keras refuses, {wrong} wrong")
    return wrong != 0


sys.exit(main())
