// Summaries of graphs of layers: byte for byte what Keras 2.15 prints.
#include <gtest/gtest.h>

#include <sstream>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/merging/concatenate.h"
#include "cornu/keras/layers/merging/merge.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/models/sequential.h"

namespace cornu::keras::models {
namespace {

using layers::Add;
using layers::Concatenate;
using layers::Dense;
using layers::Input;

std::string summary(SummaryConfig config) {
  const Input x({.shape = {8}, .name = "deep_x"}), y({.shape = {8}, .name = "mid_x"});
  Model inner(x, Dense(4, {.name = "deep"})(x), "innermost");
  Model middle(y, Concatenate({.name = "cat"})({inner(y), y}), "middle");
  Sequential row({Dense(3, {.name = "row_1", .input_shape = {12}}), Dense(2, {.name = "row_2", .trainable = false})},
                 "row");
  const Input a({.shape = {8}, .name = "a"}), b({.shape = {8}, .name = "b"});
  const auto sum = Add({.name = "sum"})({row(middle(a)), row(middle(b))});
  const Model model({.inputs = {a, b}, .outputs = {sum, Dense(1, {.name = "end"})(sum)}, .name = "outer"});
  inner.set_trainable(false);
  std::ostringstream out;
  model.summary(out, config);
  return out.str();
}

TEST(GraphSummary, OfAGraph) {
  EXPECT_EQ(summary({}), R"(Model: "outer"
__________________________________________________________________________________________________
 Layer (type)                Output Shape                 Param #   Connected to                  
==================================================================================================
 a (InputLayer)              [(None, 8)]                  0         []                            
                                                                                                  
 b (InputLayer)              [(None, 8)]                  0         []                            
                                                                                                  
 middle (Functional)         (None, 12)                   36        ['a[0][0]',                   
                                                                     'b[0][0]']                   
                                                                                                  
 row (Sequential)            (None, 2)                    47        ['middle[0][0]',              
                                                                     'middle[1][0]']              
                                                                                                  
 sum (Add)                   (None, 2)                    0         ['row[0][0]',                 
                                                                     'row[1][0]']                 
                                                                                                  
 end (Dense)                 (None, 1)                    3         ['sum[0][0]']                 
                                                                                                  
==================================================================================================
Total params: 86 (344.00 Byte)
Trainable params: 42 (168.00 Byte)
Non-trainable params: 44 (176.00 Byte)
__________________________________________________________________________________________________
)");
}

TEST(GraphSummary, ExpandsNestedModels) {
  EXPECT_EQ(summary({.expand_nested = true}), R"(Model: "outer"
__________________________________________________________________________________________________
 Layer (type)                Output Shape                 Param #   Connected to                  
==================================================================================================
 a (InputLayer)              [(None, 8)]                  0         []                            
                                                                                                  
 b (InputLayer)              [(None, 8)]                  0         []                            
                                                                                                  
 middle (Functional)         (None, 12)                   36        ['a[0][0]',                   
                                                                     'b[0][0]']                   
|¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯|
| mid_x (InputLayer)         [(None, 8)]                  0         []                           |
|                                                                                                |
| innermost (Functional)     (None, 4)                    36        []                           |
||¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯||
|| deep_x (InputLayer)       [(None, 8)]                  0         []                          ||
||                                                                                              ||
|| deep (Dense)              (None, 4)                    36        []                          ||
|¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯|
| cat (Concatenate)          (None, 12)                   0         []                           |
¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯
 row (Sequential)            (None, 2)                    47        ['middle[0][0]',              
                                                                     'middle[1][0]']              
|¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯|
| row_1 (Dense)              (None, 3)                    39        []                           |
|                                                                                                |
| row_2 (Dense)              (None, 2)                    8         []                           |
¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯
 sum (Add)                   (None, 2)                    0         ['row[0][0]',                 
                                                                     'row[1][0]']                 
                                                                                                  
 end (Dense)                 (None, 1)                    3         ['sum[0][0]']                 
                                                                                                  
==================================================================================================
Total params: 86 (344.00 Byte)
Trainable params: 42 (168.00 Byte)
Non-trainable params: 44 (176.00 Byte)
__________________________________________________________________________________________________
)");
}

TEST(GraphSummary, ShowsWhatIsTrained) {
  EXPECT_EQ(summary({.show_trainable = true}), R"(Model: "outer"
_____________________________________________________________________________________________________________
 Layer (type)                Output Shape                 Param #   Connected to                  Trainable  
=============================================================================================================
 a (InputLayer)              [(None, 8)]                  0         []                            Y          
                                                                                                             
 b (InputLayer)              [(None, 8)]                  0         []                            Y          
                                                                                                             
 middle (Functional)         (None, 12)                   36        ['a[0][0]',                   Y          
                                                                     'b[0][0]']                              
                                                                                                             
 row (Sequential)            (None, 2)                    47        ['middle[0][0]',              Y          
                                                                     'middle[1][0]']                         
                                                                                                             
 sum (Add)                   (None, 2)                    0         ['row[0][0]',                 Y          
                                                                     'row[1][0]']                            
                                                                                                             
 end (Dense)                 (None, 1)                    3         ['sum[0][0]']                 Y          
                                                                                                             
=============================================================================================================
Total params: 86 (344.00 Byte)
Trainable params: 42 (168.00 Byte)
Non-trainable params: 44 (176.00 Byte)
_____________________________________________________________________________________________________________
)");
}

TEST(GraphSummary, ShowsBothInside) {
  EXPECT_EQ(summary({.expand_nested = true, .show_trainable = true}), R"(Model: "outer"
_____________________________________________________________________________________________________________
 Layer (type)                Output Shape                 Param #   Connected to                  Trainable  
=============================================================================================================
 a (InputLayer)              [(None, 8)]                  0         []                            Y          
                                                                                                             
 b (InputLayer)              [(None, 8)]                  0         []                            Y          
                                                                                                             
 middle (Functional)         (None, 12)                   36        ['a[0][0]',                   Y          
                                                                     'b[0][0]']                              
|¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯|
| mid_x (InputLayer)         [(None, 8)]                  0         []                            Y         |
|                                                                                                           |
| innermost (Functional)     (None, 4)                    36        []                            N         |
||¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯||
|| deep_x (InputLayer)       [(None, 8)]                  0         []                            N        ||
||                                                                                                         ||
|| deep (Dense)              (None, 4)                    36        []                            N        ||
|¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯|
| cat (Concatenate)          (None, 12)                   0         []                            Y         |
¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯
 row (Sequential)            (None, 2)                    47        ['middle[0][0]',              Y          
                                                                     'middle[1][0]']                         
|¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯|
| row_1 (Dense)              (None, 3)                    39        []                            Y         |
|                                                                                                           |
| row_2 (Dense)              (None, 2)                    8         []                            N         |
¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯
 sum (Add)                   (None, 2)                    0         ['row[0][0]',                 Y          
                                                                     'row[1][0]']                            
                                                                                                             
 end (Dense)                 (None, 1)                    3         ['sum[0][0]']                 Y          
                                                                                                             
=============================================================================================================
Total params: 86 (344.00 Byte)
Trainable params: 42 (168.00 Byte)
Non-trainable params: 44 (176.00 Byte)
_____________________________________________________________________________________________________________
)");
}

}  // namespace
}  // namespace cornu::keras::models
