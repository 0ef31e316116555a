#pragma once

// Numbers on the host and what can be done with them, by NumPy's names.
#include "cornu/graph/array/array_make.h"
#include "cornu/graph/array/array_math.h"
#include "cornu/graph/array/array_reduction.h"
#include "cornu/graph/array/array_sort.h"
#include "cornu/graph/array/array_type.h"
#include "cornu/graph/array/array_view.h"
