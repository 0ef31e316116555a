// History::plot.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <filesystem>

#include "cornu/graph/array/array.h"
#include "cornu/io/image/image.h"
#include "cornu/keras/callbacks/history.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras {
namespace {

using testing::HasSubstr;
using testing::Not;
using tests::error_text;
using tests::TemporaryFolder;

History falling() {
  History history;
  for (int epoch = 0; epoch < 6; ++epoch) {
    Logs logs{{"loss", 1. / (epoch + 1)}, {"a<b", epoch * 0.1}};
    if (epoch % 2 == 1) logs.set("val_loss", 1.1 / (epoch + 1));
    history.record(epoch, logs);
  }
  return history;
}

int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(HistoryPlot, HasAPanelForEachFigureWithItsValidationBesideIt) {
  const TemporaryFolder folder;
  falling().plot(folder / "c.svg", {.title = "Six epochs"});
  const std::string svg = tests::read_text(folder / "c.svg");
  EXPECT_THAT(svg, HasSubstr("width=\"800\" height=\"330\""));  // two panels and a title
  for (const char* text : {">Six epochs<", ">loss<", ">a&lt;b<"}) EXPECT_EQ(count(svg, text), 1) << text;
  EXPECT_EQ(count(svg, ">training<"), 2);
  EXPECT_EQ(count(svg, ">validation<"), 1);
  EXPECT_EQ(count(svg, ">epoch<"), 2);
  EXPECT_EQ(count(svg, "r=\"2.6\" fill=\"#1f77b4\""), 12);
  EXPECT_EQ(count(svg, "r=\"2.6\" fill=\"#ff7f0e\""), 3) << "validated in every second epoch";
  // The validation's first point is at epoch 2, where the training's second one is.
  const auto nth_x = [&](const std::string& colour, int n) {
    std::size_t at = 0;
    for (int i = 0; i <= n; ++i) at = svg.find("r=\"2.6\" fill=\"" + colour, at + 1);
    at = svg.rfind("cx=\"", at) + 4;
    return svg.substr(at, svg.find('"', at) - at);
  };
  EXPECT_EQ(nth_x("#ff7f0e", 0), nth_x("#1f77b4", 1));
}

TEST(HistoryPlot, ChoosesFigures) {
  const TemporaryFolder folder;
  falling().plot(folder / "c.svg", {.figures = {"loss"}});
  const std::string svg = tests::read_text(folder / "c.svg");
  EXPECT_THAT(svg, HasSubstr("width=\"400\" height=\"290\""));
  EXPECT_THAT(svg, HasSubstr(">validation<"));
  EXPECT_THAT(svg, Not(HasSubstr("a&lt;b")));
}

TEST(HistoryPlot, LeavesGapsWhereThereIsNoNumber) {
  const TemporaryFolder folder;
  History history;
  for (const double loss : {1., 2., std::nan(""), 3., 4., -std::log(0.)}) history.record(0, {{"loss", loss}});
  history.plot(folder / "c.svg");
  const std::string svg = tests::read_text(folder / "c.svg");
  EXPECT_EQ(count(svg, "stroke=\"#1f77b4\" stroke-width=\"1.8\""), 2);
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
  History nothing;
  nothing.record(0, {{"loss", std::nan("")}});
  EXPECT_NO_THROW(nothing.plot(folder / "d.svg"));
}

TEST(HistoryPlot, MakesAPictureOfPixels) {
  if (std::system("command -v neato >/dev/null 2>&1") != 0) GTEST_SKIP() << "no Graphviz here";
  const TemporaryFolder folder;
  falling().plot(folder / "c.png", {.dpi = 144});
  const graph::Array image = io::image::read(folder / "c.png");
  EXPECT_NEAR(static_cast<double>(image.shape()[1]), 1600, 2);
  EXPECT_NEAR(static_cast<double>(image.shape()[0]), 580, 2);
  EXPECT_EQ(image.at<std::uint8_t>({0, 0, 0}), 255);
  const graph::Array dark = image < 128;
  EXPECT_GT(graph::sum(dark.astype(graph::float32)).item<float>(), 1000) << "nothing is drawn";
}

TEST(HistoryPlot, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  EXPECT_EQ(error_text<ValueError>([&] { History().plot(folder / "c.svg"); }), "History::plot: no epoch was recorded");
  EXPECT_EQ(error_text<ValueError>([&] { falling().plot("curves.bmp"); }),
            "History::plot: the name must end in .svg, .png, .pdf or .jpg, got \"curves.bmp\"");
  EXPECT_EQ(error_text<ValueError>([&] { falling().plot(folder / "c.svg", {.figures = {"mse"}}); }),
            "the history has no 'mse'; it has: loss, a<b, val_loss");
  EXPECT_THAT(error_text<IoError>([&] { falling().plot(folder / "none" / "c.svg"); }), HasSubstr("cannot write"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 0);
}

}  // namespace
}  // namespace cornu::keras
