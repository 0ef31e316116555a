// A table with numbers, words and gaps: columns by name from a CSV file, turned into numbers by a FeatureSpace, which
// is a part of the model: who loads it gives it columns as they are.
#include <cornu/cornu.h>

#include <filesystem>
#include <fstream>
#include <iostream>

using namespace cornu;
using namespace cornu::keras;

/// Journeys by their length, weather, day and means; late or not by a rule, for some by chance.
void write_journeys(const char* path, int rows) {
  random::Generator rng(5);
  const char *weathers[] = {"sun", "rain", "snow"}, *means[] = {"bus", "train", "bicycle"};
  std::ofstream file(path);
  file << "kilometres,weather,weekday,means,late\n";
  for (int i = 0; i < rows; ++i) {
    const double kilometres = 1 + 19 * rng.next_double();
    const auto weather = rng.below(3), weekday = rng.below(7), by = rng.below(3);
    double odds = kilometres / 10 - 1;
    if (by == 0) odds += weather == 2 ? 2 : 0;   // buses stop in snow
    if (by == 1) odds += weekday == 0 ? 2 : -1;  // trains are late on Mondays
    if (by == 2) odds += weather == 0 ? -2 : 1;  // bicycles wait for the rain to end
    const bool late = rng.next_double() < 0.05 ? rng.below(2) == 1 : odds > 0;
    if (rng.below(20) > 0) file << kilometres;  // a gap now and then
    file << ',' << weathers[weather] << ',' << weekday << ',' << means[by] << ',' << late << '\n';
  }
}

int main() {
  utils::set_random_seed(1);
  std::filesystem::create_directories("tabular");
  write_journeys("tabular/train.csv", 4000);
  write_journeys("tabular/test.csv", 1000);

  const data::CsvConfig columns{.column_defaults = {10.0, "?", 0, "?", 0}, .label_name = "late", .num_epochs = 1};
  const data::Element test = data::read_csv("tabular/test.csv", columns);
  const data::Dataset train = data::make_csv_dataset("tabular/train.csv", 50, columns);

  utils::FeatureSpace space({.features = {{"kilometres", "float_normalized"},
                                          {"weather", "string_categorical"},
                                          {"weekday", "integer_categorical"},
                                          {"means", "string_categorical"}},
                             .crosses = {{"weather", "means"}, {"weekday", "means"}},
                             .crossing_dim = 64});
  space.adapt(train);

  models::Model model(space.get_inputs(), layers::Dense(1, {.activation = "sigmoid"})(
                                              layers::Dense(16, {.activation = "relu"})(space.get_encoded_features())));
  model.compile(
      {.optimizer = optimizers::Adam({.learning_rate = 0.01}), .loss = "binary_crossentropy", .metrics = {"accuracy"}});
  model.fit(train, {.epochs = 10, .verbose = 0});
  const double accuracy = model.evaluate(test.x(), test.y(), {.verbose = 0})["accuracy"];
  std::cerr << "accuracy " << accuracy << '\n';

  model.save("tabular/journeys.h5");
  models::Model loaded = models::load_model("tabular/journeys.h5");
  const Array late = loaded.predict(Arrays{{"kilometres", Array{18.f, 18.f}},
                                           {"weather", Strings{"sun", "snow"}.array()},
                                           {"weekday", Array{3, 3}},
                                           {"means", Strings{"bicycle", "bus"}.array()}})[0];
  std::cout << std::boolalpha << "columns: " << test.x().size() << ", numbers: " << space(test.x())[0].shape()[1]
            << '\n'
            << "right about most: " << (accuracy > 0.9) << '\n'
            << "a bicycle in the sun is late: " << (late.at<float>({0, 0}) > 0.5f)
            << ", a bus in snow: " << (late.at<float>({1, 0}) > 0.5f) << '\n';
}

// Prints:
//   columns: 4, numbers: 145
//   right about most: true
//   a bicycle in the sun is late: false, a bus in snow: true
