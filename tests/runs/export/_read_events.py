# Reads a TFRecord file with a CRC-32C that is not ours and prints each record in base64. Stops, as
# TensorFlow does, at a record that is cut short; exits 1 at a wrong checksum.
import base64
import struct
import sys

import crc32c


def masked(data):
    crc = crc32c.crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


content = open(sys.argv[1], "rb").read()
at = 0
while at + 12 <= len(content):
    length, length_crc = struct.unpack_from("<QI", content, at)
    if masked(content[at : at + 8]) != length_crc:
        sys.exit("wrong checksum of a length at %d" % at)
    if at + 12 + length + 4 > len(content):
        break
    data = content[at + 12 : at + 12 + length]
    (data_crc,) = struct.unpack_from("<I", content, at + 12 + length)
    if masked(data) != data_crc:
        sys.exit("wrong checksum of data at %d" % at)
    print(base64.b64encode(data).decode())
    at += 12 + length + 4
print("rest", len(content) - at)
