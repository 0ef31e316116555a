#pragma once

#include <string>
#include <string_view>

#include "cornu/io/tensorboard/event.h"

namespace cornu::io::tensorboard::internal {

/// An event as a serialised message. Texts become valid UTF-8, without which other programs refuse the event. Throws
/// ValueError if the event has several parts, if strings do not fit their shape, or if it has more than 2 GiB.
std::string serialize(const Event& event);
/// Sets the time of a serialised event that has one other than 0.
void set_wall_time(char* serialized, double wall_time);

/// The event of a serialised message, texts made valid UTF-8; throws FormatError if it is none.
Event parse(std::string_view data);

}  // namespace cornu::io::tensorboard::internal
