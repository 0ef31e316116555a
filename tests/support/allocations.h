#pragma once

namespace cornu::support {

/// How often the test program has called operator new: "allocates nothing" is checked by the difference.
long allocations();

}  // namespace cornu::support
