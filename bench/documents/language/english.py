"""English sentences with slots, and the words for them."""

from bench.quality.sentences import ENGLISH

SENTENCES = (
    *ENGLISH,
    "In {when}, {org} presented a plan for {thing} that would change {place} for good.",
    "The report by {org} finds that {thing} has grown by {percent} since {when}.",
    "{person}, who led the work, expects the results to matter well beyond {place}.",
    "We sampled {number} records and found that {percent} of them were complete.",
    "Our method reduces the error of {thing} by {percent} without any further data.",
    "It remains unclear whether {cause} explains the decline in {thing}.",
    "Because of {cause}, the crossing at {place} was closed for {count} days.",
    "Residents of {place} have asked {org} to reconsider the proposal for {thing}.",
    "The agreement covers {thing} and ends after {count} years unless it is renewed.",
    "Either party may terminate this agreement with {count} weeks' written notice.",
    "{person} walked along the river to {place} and counted the boats on the way.",
    "There was nothing in the letter that he had not known since {when}.",
    "A cold wind came down from the hills, and the lamps in {place} went out early.",
    "Figures for {when} show revenue of {number} thousand, up {percent} on the year.",
    "Costs rose more slowly than sales, mainly because {cause} was less severe.",
    "The committee for {thing} met {count} times and published its minutes online.",
    "Before use, check that the voltage on the label matches that of your supply.",
    "Keep the device away from water, and do not open the case while it is plugged in.",
    "Visitors can reach {place} by tram, and the last service leaves at half past ten.",
    "The curator, {person}, chose {count} drawings that have never been shown before.",
    "Although {thing} is widely discussed, few studies have measured its effect.",
    "Section {count} describes the model, and the appendix lists every assumption.",
    "The second half began with a goal from {person}, and the crowd did not sit again.",
    "Farmers near {place} harvest earlier each year, a change linked to {cause}.",
    "We thank {org} for access to its archive and two reviewers for their comments.",
    "Participants received no payment, and all of them gave their written consent.",
    "{org} will repair the bridge at {place} between {when} and the end of the season.",
    "Most of the traffic comes from {thing}, which peaks shortly before noon.",
    "A simple rule works best: measure first, change one thing, and measure again.",
    "The chairs are made of ash, and their seats are woven by hand in {place}.",
)

WORDS = {
    "org": (
        "the city council", "the Harbour Trust", "Northern Rail", "the Institute of Soil Science",
        "Merton Instruments", "the National Archive", "Bell & Foster Ltd", "the water board",
        "the University of Eastmere", "the Housing Office",
    ),
    "place": (
        "Eastmere", "the old harbour", "Kingsford", "the northern valley", "Upper Lane",
        "Lindholm", "Saint Agnes Square", "the Dray estate", "Millbrook", "the western islands",
    ),
    "thing": (
        "night trains", "image recognition", "solar heating", "school meals", "land registration",
        "waste sorting", "river dredging", "adult education", "digital archives", "bus lanes",
        "small business loans", "vaccine storage", "timber exports", "paper conservation",
    ),
    "cause": (
        "heavy rain", "rising prices", "a shortage of drivers", "ageing equipment",
        "incomplete data", "the long winter", "weak demand", "late deliveries",
    ),
    "when": (
        "early spring", "the third quarter", "2019", "last October", "the past decade",
        "the summer of 1987", "late August", "the first half of the year",
    ),
    "person": (
        "Anna Keller", "Thomas Reed", "Maria Costa", "James Whitfield", "Ingrid Holm",
        "Peter Novak", "Ruth Abrams", "Samuel Okoro", "Clara Jensen", "David Lin",
    ),
}  # fmt: skip

HEADINGS = (
    "Introduction", "Related Work", "Data and Methods", "Results", "Discussion", "Conclusion",
    "Scope of Services", "Payment", "Confidentiality", "Term and Termination", "Market Overview",
    "Outlook", "A Changing Coast", "The Workshop", "Getting Started", "Safety Notes",
    "Experimental Setup", "Limitations", "Governing Law", "Staff and Training",
)  # fmt: skip

TITLES = (
    "A Study of {thing} in {place}", "How {place} Changed {thing}", "Measuring {thing}",
    "The Quiet Return of {thing}", "Annual Review of {thing}", "Notes on {thing}",
    "Learning from {thing}", "What {thing} Means for {place}",
)  # fmt: skip

GOODS = (
    "Copy paper A4", "Desk lamp", "Office chair", "Wireless mouse", "USB cable 2 m", "Oak shelf",
    "Coffee beans 1 kg", "Whole milk", "Rye bread", "Steel bolts M8", "Consulting, per hour",
    "Delivery", "Printer toner", "Wall clock", "Notebook ruled", "Apples", "Olive oil",
)  # fmt: skip

SUBJECTS = (
    "Revenue", "Cost of sales", "Gross profit", "Administrative expenses", "Finance costs",
    "Profit before tax", "Income tax", "Net profit", "Cash and cash equivalents", "Inventories",
    "Trade receivables", "Property and equipment", "Borrowings", "Share capital",
    "Retained earnings", "Deferred tax assets", "Research and development", "Other income",
)  # fmt: skip

VERSES = (
    "The tide came in without a sound", "and took the letters from the sand",
    "I kept a lantern by the door", "for every ship that left the land",
    "A single bird above the roof", "made all the evening seem more wide",
    "we counted windows down the lane", "and did not speak of those who died",
    "The orchard held its breath till noon", "then let the yellow apples fall",
    "my mother hung the washing out", "its shadows danced along the wall",
    "O road that winds beyond the hill", "you never once have asked my name",
    "the snow will cover what we were", "and spring will find us just the same",
)  # fmt: skip
