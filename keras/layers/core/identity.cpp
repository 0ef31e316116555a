#include "cornu/keras/layers/core/identity.h"

namespace cornu::keras::layers {

IdentityLayer::IdentityLayer(LayerConfig config) : Layer(std::move(config)) { set_supports_masking(true); }

namespace {

const bool identity_registered = registry().add<IdentityLayer>("Identity");

}  // namespace
}  // namespace cornu::keras::layers
