// A graph of layers: two inputs, one encoder for both, two outputs with a loss and a metric of their own; a part of the
// model as a model; a branch that is frozen.
#include <cornu/cornu.h>

#include <iostream>

using namespace cornu;
using namespace cornu::keras;

int main() {
  utils::set_random_seed(1);
  // Two points of a square. Which one lies further to the right, and how far apart are they?
  random::Generator rng(7);
  Array a = rng.uniform({2048, 2}, -1, 1), b = rng.uniform({2048, 2}, -1, 1);
  Array right = (sum((a - b) * Array{1.f, 0.f}, 1) > 0).astype(float32).reshape({-1, 1});
  Array apart = sum((a - b) * (a - b), 1).reshape({-1, 1});

  // Calling a layer on a symbolic tensor gives a symbolic tensor. A layer that is called twice has one set of weights.
  auto first = layers::Input({.shape = {2}, .name = "first"});
  auto second = layers::Input({.shape = {2}, .name = "second"});
  auto encode = layers::Dense(32, {.activation = "relu", .name = "encode"});
  auto u = encode(first), v = encode(second);

  // Arithmetic and functions of `ops` on such tensors are layers as well.
  auto difference = ops::square(u - v) * 0.5;
  auto both = layers::Concatenate()({u, v, difference});
  auto hidden = layers::Dense(32, {.activation = "relu"})(both);
  hidden = layers::Add()({hidden, layers::Dense(32, {.activation = "relu"})(hidden)});
  auto which = layers::Dense(1, {.activation = "sigmoid", .name = "right"})(hidden);
  auto distance = layers::Dense(1, {.name = "apart"})(hidden);

  // The last layer of an output gives it its name, by which losses, weights, metrics and targets are told apart.
  models::Model model({.inputs = {first, second}, .outputs = {which, distance}, .name = "points"});
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.005}),
                 .loss = {{"right", "binary_crossentropy"}, {"apart", "mse"}},
                 .loss_weights = {{"right", 1.0}, {"apart", 0.5}},
                 .metrics = {{"right", {"accuracy"}}, {"apart", {"mae"}}}});
  History history =
      model.fit({a, b}, {{"apart", apart}, {"right", right}}, {.batch_size = 64, .epochs = 30, .verbose = 0});
  std::cout << "logged:";
  for (const std::string& name : history.names()) std::cout << ' ' << name;
  std::cout << '\n';

  auto scores = model.evaluate({{"second", b}, {"first", a}}, {right, apart}, {.verbose = 0});
  std::cerr << "accuracy " << scores["right_accuracy"] << ", error of the distance " << scores["apart_mae"] << '\n';
  std::cout << std::boolalpha << "learnt: " << (scores["right_accuracy"] > 0.95 && scores["apart_mae"] < 0.2) << '\n';

  auto outputs = model.predict({a.slice(0, 5), b.slice(0, 5)});
  std::cout << outputs["right"].shape() << ' ' << outputs[1].shape() << '\n';

  // What the encoder gives, as a model. It shares the weights.
  models::Model codes(first, u);
  std::cout << codes.predict(a.slice(0, 5)).shape() << '\n';

  // Freeze the encoder, train the rest. `trainable` counts when the model is compiled.
  encode->set_trainable(false);
  model.compile({.optimizer = "sgd", .loss = {"binary_crossentropy", "mse"}});
  const Array before = encode->get_weights()[0].copy();
  model.fit({a, b}, {right, apart}, {.verbose = 0});
  std::cout << "encoder as before: " << array_equal(encode->get_weights()[0], before) << '\n';
}

// Prints:
//   logged: loss right_loss apart_loss right_accuracy apart_mae
//   learnt: true
//   (5, 1) (5, 1)
//   (5, 32)
//   encoder as before: true
