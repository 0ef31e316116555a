// Ops that ONNX' operators cannot say, and why.
#include "cornu/keras/onnx/exporter.h"

namespace cornu::keras::onnx {
namespace {

bool refused(const char* op, const char* why) {
  return add_export(op, [why](ExportCall& c) { c.refuse(why); });
}

constexpr const char *kHashes =
                         "hashes (SipHash, or Google's fingerprint), for which ONNX has no operator, nor one for "
                         "shifts and products of 64 bits without a sign",
                     *kTexts =
                         "reads texts: they are bytes here and strings in ONNX, whose operators of opset 18 "
                         "split, compare and look up none";

const bool refused_ops =
    refused("hash_bucket", kHashes) && refused("cross_hashed", kHashes) && refused("read_texts", kTexts);

}  // namespace
}  // namespace cornu::keras::onnx
