//! `backwise export`: the rule set in other languages.

use backwise::RuleSet;
use backwise::export::sql;
use clap::ValueEnum;

use crate::app::print;
use crate::failure::Failure;

/// Write the rule set in another language
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Export {
    /// One SELECT over a table of answers, for the database where the rows already are
    ///
    /// The same SELECT runs on `DuckDB`, `SQLite`, `PostgreSQL`, `DataFusion`, `ClickHouse` and
    /// Spark. The table has a column for each question, named `q_` and its id with underscores;
    /// NULL or an empty text is "not answered", several answers stand in one column, separated by
    /// semicolons.
    Sql {
        /// Write the definition of the table instead
        #[arg(long)]
        ddl: bool,

        /// Which engine the table is for; the SELECT is the same for all
        #[arg(long, value_enum, default_value_t)]
        dialect: Dialect,
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dialect {
    /// `DuckDB`, `SQLite`, `PostgreSQL`, `DataFusion`.
    #[default]
    Portable,
    /// `ClickHouse`.
    Clickhouse,
    /// Spark.
    Spark,
}

/// Runs the command.
pub(crate) fn run(rules: &RuleSet, export: &Export) -> Result<(), Failure> {
    let Export::Sql { ddl, dialect } = export;
    let dialect = match dialect {
        Dialect::Portable => sql::Dialect::Portable,
        Dialect::Clickhouse => sql::Dialect::Clickhouse,
        Dialect::Spark => sql::Dialect::Spark,
    };
    print(&if *ddl { sql::table(rules, dialect) } else { sql::select(rules) }, false)
}
