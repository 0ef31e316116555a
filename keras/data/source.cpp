#include "cornu/keras/data/source.h"

namespace cornu::keras::data {

Source::~Source() = default;

}  // namespace cornu::keras::data
